import type { AgentSpec } from '../../domain/agent.ts';
import { together } from '../../team/together.ts';
import { SupervisorError } from '../supervisor.ts';
import type { AgentTree, Member } from './agent-tree.ts';
import type { Process, ProcessTable } from './process-table.ts';

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

/** An agent at one moment, as every back-end knows it: what of it lives. */
export interface FoundAgent {
  readonly spec: AgentSpec;
  readonly tree: AgentTree;
  readonly members: readonly Member[];
  /** The process that is the agent; absent if none lives. */
  readonly lead: Process | undefined;
  /** Nothing but a restart loop that sleeps. */
  readonly betweenLives: boolean;
  /** It lives, and what the back-end kept it in has gone. */
  readonly outlived?: true;
  readonly table: ProcessTable;
}

/** Its loop has not begun it yet, or it cannot be told from its loop: what it will be is to be seen. */
export function isOnlyLoop({ lead, members }: FoundAgent): boolean {
  return members.some(({ process, part }) => process.pid === lead?.pid && part === 'loop');
}

export type Whereabouts<Found extends FoundAgent> =
  | { readonly kind: 'known'; readonly agents: readonly Found[] }
  | { readonly kind: 'unknown'; readonly reason: string };
