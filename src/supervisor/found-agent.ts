import type { AgentSpec } from '../team/agent-spec.ts';
import type { AgentTree, Member } from './agent-tree.ts';
import type { Process, ProcessTable } from './process-table.ts';

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
