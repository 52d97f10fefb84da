import type { AgentSpec } from '../team/agent-spec.ts';
import type { FoundAgent, Whereabouts } from './found-agent.ts';
import { SupervisorError } from './supervisor.ts';

/** Finds one agent; throws `SupervisorError`, which begins with `cannot`, if the back-end cannot be asked. */
export type Find<Found extends FoundAgent> = (agent: AgentSpec, cannot: string) => Promise<Found>;

type FindAll<Found extends FoundAgent> = (agents: readonly AgentSpec[]) => Promise<Whereabouts<Found>>;

interface Batch<Found extends FoundAgent> {
  readonly agents: AgentSpec[];
  readonly whereabouts: Promise<Whereabouts<Found>>;
}

/**
 * Who asks gets what was looked up after they asked; those who ask while a look-up is under way share the next. So a hundred stops
 * at once cost two look-ups and not a hundred.
 */
export function createFinder<Found extends FoundAgent>(findAll: FindAll<Found>): Find<Found> {
  let underWay: Promise<unknown> = Promise.resolve();
  let next: Batch<Found> | undefined;

  return async (agent, cannot) => {
    const batch = join();
    const index = batch.agents.push(agent) - 1;
    const whereabouts = await batch.whereabouts;
    if (whereabouts.kind === 'unknown') throw new SupervisorError(`${cannot}: ${whereabouts.reason}`);
    const found = whereabouts.agents[index];
    if (!found) throw new Error(`nothing was said about ${agent.id}`);
    return found;
  };

  function join(): Batch<Found> {
    if (next) return next;
    const agents: AgentSpec[] = [];
    const whereabouts = underWay.then(() => {
      next = undefined;
      return findAll(agents);
    });
    underWay = whereabouts.catch(() => {});
    next = { agents, whereabouts };
    return next;
  }
}
