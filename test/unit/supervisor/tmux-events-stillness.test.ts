import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { ownIncarnation } from '../../../src/supervisor/process-life.ts';
import { createStillness } from '../../../src/supervisor/tmux-events-stillness.ts';
import type { Pane } from '../../../src/supervisor/tmux-panes.ts';
import { foundAgent, specOf } from './found-agents.ts';

const pane: Pane = {
  serverPid: 5,
  session: 't-shop-a',
  sessionId: '$1',
  windowId: '@1',
  id: '%1',
  pid: 10,
  dead: false,
  command: '',
};

describe('since the last look nothing has happened', () => {
  it('while the panes are the same and the agents live', async () => {
    const { stillness } = await noted();

    expect(await stillness.holds([{ ...pane }])).toBe(true);
  });

  it('unless no look was noted, or it is to be forgotten', async () => {
    const { stillness } = await noted();
    stillness.forget();

    expect(await stillness.holds([pane])).toBe(false);
    expect(await createStillness(() => 0).holds([])).toBe(false);
  });

  it('unless a pane has become another', async () => {
    const { stillness } = await noted();

    expect(await stillness.holds([{ ...pane, pid: 11 }])).toBe(false);
    expect(await stillness.holds([])).toBe(false);
  });

  it('unless an agent’s pid belongs to another process now', async () => {
    const { stillness, startTime } = await noted();
    stillness.note([pane], [foundAgent(specOf('a'), 'agent', process.pid, `${startTime}0`)]);

    expect(await stillness.holds([pane])).toBe(false);
  });

  it('unless it was not yet clear what an agent is', async () => {
    const { stillness, startTime } = await noted();
    stillness.note([pane], [foundAgent(specOf('a'), 'loop', process.pid, startTime)]);

    expect(await stillness.holds([pane])).toBe(false);
  });

  it('but that is believed for a minute only', async () => {
    const { stillness, clock } = await noted();
    clock.ms = 59_999;
    expect(await stillness.holds([pane])).toBe(true);

    clock.ms = 60_000;

    expect(await stillness.holds([pane])).toBe(false);
  });
});

/** An agent that surely lives: this process. */
async function noted() {
  const { startTime } = await ownIncarnation();
  const clock = { ms: 0 };
  const stillness = createStillness(() => clock.ms);
  stillness.note([pane], [foundAgent(specOf('a'), 'agent', process.pid, startTime)]);
  return { stillness, clock, startTime };
}
