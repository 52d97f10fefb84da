import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AgentSpec } from '../../../src/domain/agent.ts';
import { createTmuxHarness, type TmuxHarness } from '../../fakes/tmux/tmux-harness.ts';
import { until } from '../../fakes/until.ts';

const count = 60;
/** What Muster gives a tmux command; the harness gives more. */
const commandTimeoutMs = 5000;

describe('on tmux, many stops at once', () => {
  let harness: TmuxHarness;

  beforeEach(() => {
    harness = createTmuxHarness();
  });

  afterEach(() => harness.stop());

  async function startedMany(program: string): Promise<readonly AgentSpec[]> {
    const agents = Array.from({ length: count }, (_, index) => harness.agent(`w${index}`, program));
    const supervisor = harness.supervisorWith({ settleMs: 1 });
    await Promise.all(agents.map((agent) => supervisor.up(agent)));
    for (const agent of agents) await until(`${agent.id} is ready`, () => harness.isReady(agent));
    return agents;
  }

  it(`of ${count} downs each finds its agent, and none waits in vain for an answer`, async () => {
    const agents = await startedMany('stubborn');
    const supervisor = harness.supervisorWith({ commandTimeoutMs });

    const results = await Promise.all(agents.map((agent) => supervisor.down(agent)));

    expect(
      results.map(({ wasRunning, survivors, complaints }) => ({ wasRunning, survivors, complaints })),
    ).toEqual(agents.map(() => ({ wasRunning: true, survivors: [], complaints: undefined })));
    expect(agents.filter(harness.lives)).toEqual([]);
  });

  it(`of ${count} drains each is Graceful, and each record tells of its own agent`, async () => {
    const agents = await startedMany(
      `trap 'kill $!; exit 0' INT; sleep 1000 & echo $$ >$0.pid; echo "I am $AGENT_ID"; wait`,
    );
    const supervisor = harness.supervisorWith({ commandTimeoutMs });

    const results = await Promise.all(agents.map((agent) => supervisor.drain(agent, { budgetMs: 60_000 })));

    expect(
      results.map(({ outcome, strays, lastLines }) => ({ outcome, strays, said: lastLines.at(-1) })),
    ).toEqual(agents.map(({ id }) => ({ outcome: 'Graceful', strays: [], said: `I am ${id}` })));
  });
});
