import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AgentSpec } from '../../../src/domain/agent.ts';
import { createTmuxHarness, type TmuxHarness } from '../../fakes/tmux/tmux-harness.ts';
import { until } from '../../fakes/until.ts';

describe('on tmux, an agent is asked as its runtime understands it', () => {
  let harness: TmuxHarness;

  beforeEach(() => {
    harness = createTmuxHarness();
  });

  afterEach(() => harness.stop());

  async function started(agent: AgentSpec): Promise<AgentSpec> {
    await harness.supervisor.up(agent);
    await until(`${agent.id} is ready`, () => harness.isReady(agent));
    return agent;
  }

  const quits = `trap '' INT; echo $$ >"$0.pid"; while read -r line; do [ "$line" != /quit ] || exit 0; done`;

  it('by the keys that its runtime’s file names, in place of the built-in ones', async () => {
    const agent = await started(harness.agent('dev', quits, { runtime: 'codex' }));

    const result = await harness.supervisor.drain(
      { ...agent, secondAsk: { keys: ['/quit', 'Enter'], gapMs: 200 } },
      { budgetMs: 3000 },
    );

    expect(result.outcome).toBe('Graceful');
    expect(result.signals.map(({ signal }) => signal)).toEqual(['C-c', '/quit', 'Enter']);
    expect(result.signals[1]?.atMs).toBeGreaterThanOrEqual(1500);
  });

  it('and not a second time where that file says none', async () => {
    const agent = await started(harness.agent('dev', 'stubborn', { runtime: 'claude-code' }));

    const result = await harness.supervisor.drain(
      { ...agent, secondAsk: { keys: [], gapMs: 200 } },
      { budgetMs: 300 },
    );

    expect(result.outcome).toBe('TimedOutKilled');
    expect(result.signals.filter(({ signal }) => signal === 'C-c')).toHaveLength(1);
  });

  it('and nobody else is, where the panes of its window are synchronised', async () => {
    const agent = await started(harness.agent('dev', 'polite'));
    const window = `=${agent.session}:`;
    const guest = await harness.server.tmux(
      ...['split-window', '-d', '-P', '-F', '#{pane_pid}', '-t', window, 'exec cat'],
    );
    await harness.server.tmux('set-option', '-w', '-t', window, 'synchronize-panes', 'on');

    const result = await harness.supervisor.drain(agent, { budgetMs: 20_000 });

    expect(result.outcome).toBe('Graceful');
    expect(await harness.server.tmux('list-panes', '-s', '-t', window, '-F', '#{pane_pid}')).toBe(guest);
  });
});
