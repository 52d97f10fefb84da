import type { AgentSpec } from '../team/agent-spec.ts';
import { together } from '../team/together.ts';
import type { FoundAgent, Whereabouts } from './found-agent.ts';
import { SupervisorError } from './supervisor.ts';

/** Finds one agent; throws `SupervisorError`, which begins with `cannot`, if the back-end cannot be asked. */
export type Find<Found extends FoundAgent> = (agent: AgentSpec, cannot: string) => Promise<Found>;

type FindAll<Found extends FoundAgent> = (agents: readonly AgentSpec[]) => Promise<Whereabouts<Found>>;

/** So a hundred stops at once cost two look-ups and not a hundred. */
export function createFinder<Found extends FoundAgent>(findAll: FindAll<Found>): Find<Found> {
  const find = together(async (agents: readonly AgentSpec[]) => {
    const whereabouts = await findAll(agents);
    return agents.map((agent, index) => {
      if (whereabouts.kind === 'unknown') return whereabouts;
      const found = whereabouts.agents[index];
      if (!found) throw new Error(`nothing was said about ${agent.id}`);
      return { kind: 'found' as const, found };
    });
  });

  return async (agent, cannot) => {
    const answer = await find(agent);
    if (answer.kind === 'unknown') throw new SupervisorError(`${cannot}: ${answer.reason}`);
    return answer.found;
  };
}
