import type { AgentId } from './agent.ts';
import type { Incarnation } from './observation.ts';
import type { Operation } from './operation.ts';
import type { OperationEvent } from './operation-event.ts';
import type { DownResult, DrainResult } from './stop-record.ts';

/** A message in Slack. */
export interface Place {
  readonly channel: string;
  readonly ts: string;
}

/** How an agent was last stopped through Muster. */
export interface LastStop {
  readonly how: 'Graceful' | 'TimedOutKilled' | 'Killed';
  readonly at: Date;
  /** The operation that stopped it. */
  readonly operation: string;
  readonly result: DrainResult | DownResult;
}

export interface LastStops {
  of(id: AgentId): LastStop | undefined;
}

/** How an operation ended. */
export interface Verdict {
  readonly at: Date;
  /** What went wrong after the last step. */
  readonly error?: string;
  /** Why nothing, or nothing more, was done. */
  readonly cancelled?: string;
}

/** An operation as the journal knows it. */
export interface LoggedOperation {
  readonly operation: Operation;
  readonly events: readonly OperationEvent[];
  /** The process that ran it, or runs it. */
  readonly owner: Incarnation;
  /** Where it was asked for. */
  readonly channel?: string;
  /** The message that follows it. */
  readonly shownAt?: Place;
  /** Absent: it is under way, or its process died. */
  readonly verdict?: Verdict;
}

export interface OperationQuery {
  /** Those of the whole team are about it, too. */
  readonly project?: string;
  readonly since?: Date;
  readonly most: number;
}
