import type { AgentSpec } from '../src/domain/agent.ts';
import { until } from '../test/fakes/until.ts';
import { type Bench, ms, timed } from './report.ts';
import { inWorld, type World } from './supervisor-world.ts';

const budgetMs = 2000;
const goalMs = budgetMs + 1500;

/** Draining 20 agents of which 10 are stubborn, all at once, against one after the other. */
export const drains: Bench = {
  name: 'drains',
  run: () =>
    inWorld(async (world) => {
      const drain = (agent: AgentSpec) => world.supervisor.drain(agent, { budgetMs });
      const together = await startTwenty(world);
      const togetherMs = await timed(() => Promise.all(together.map(drain)));
      const inTurn = await startTwenty(world);
      const inTurnMs = await timed(async () => {
        for (const agent of inTurn) await drain(agent);
      });
      return [
        {
          what: 'drain of 20, 10 stubborn',
          measured: ms(togetherMs),
          baseline: `${ms(inTurnMs)} (in turn)`,
          ratio: inTurnMs / togetherMs,
          goal: ms(goalMs),
          isMet: togetherMs <= goalMs,
        },
      ];
    }),
};

async function startTwenty({ start, tree }: World): Promise<AgentSpec[]> {
  const agents = [
    ...(await start(10, 'stubborn', undefined, 's')),
    ...(await start(10, 'polite', undefined, 'p')),
  ];
  for (const agent of agents) await until(`${agent.id} is ready`, () => tree.pidOf(agent));
  return agents;
}
