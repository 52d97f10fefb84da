import { describe, expect, it } from 'vitest';
import type { Pane } from '../../../../src/supervisor/tmux/panes.ts';
import { createStillness } from '../../../../src/supervisor/tmux/watch.ts';
import { foundAgent, specOf } from '../process/found-agents.ts';

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
  it('while the panes are the same', () => {
    const { stillness } = noted();

    expect(stillness.holds([{ ...pane }])).toBe(true);
  });

  it('unless no look was noted, or it is to be forgotten', () => {
    const { stillness } = noted();
    stillness.forget();

    expect(stillness.holds([pane])).toBe(false);
    expect(createStillness(() => 0).holds([])).toBe(false);
  });

  it('unless a pane has become another', () => {
    const { stillness } = noted();

    expect(stillness.holds([{ ...pane, pid: 11 }])).toBe(false);
    expect(stillness.holds([])).toBe(false);
  });

  it('unless it was not yet clear what an agent is', () => {
    const { stillness } = noted();
    stillness.note([pane], [foundAgent(specOf('a'), 'loop')]);

    expect(stillness.holds([pane])).toBe(false);
  });

  it('but that is believed for a minute only', () => {
    const { stillness, clock } = noted();
    clock.ms = 59_999;
    expect(stillness.holds([pane])).toBe(true);

    clock.ms = 60_000;

    expect(stillness.holds([pane])).toBe(false);
  });
});

function noted() {
  const clock = { ms: 0 };
  const stillness = createStillness(() => clock.ms);
  stillness.note([pane], [foundAgent(specOf('a'), 'agent')]);
  return { stillness, clock };
}
