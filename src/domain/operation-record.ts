import type { AgentId } from './agent.ts';
import type { BudgetAdvice } from './budget-advice.ts';
import type { Incarnation } from './observation.ts';
import type { Operation } from './operation.ts';
import type { OperationEvent } from './operation-event.ts';
import type { ForcedKill } from './progress.ts';
import type { Death } from './state-change.ts';
import type { DownResult, DrainResult } from './stop-record.ts';

/** A message in Slack. */
export interface Place {
  readonly channel: string;
  readonly ts: string;
}

/** A channel in Slack, with the message there as soon as it stands. */
export type ShownIn = Pick<Place, 'channel'> & Partial<Place>;

/** How an agent was last stopped through Muster. */
export interface LastStop {
  readonly how: 'Graceful' | 'TimedOutKilled' | 'Killed';
  readonly at: Date;
  /** The operation that stopped it. */
  readonly operation: string;
  readonly result: DrainResult | DownResult;
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
  /** Since when agents may be touched for it; absent: it waited for `go`, and nothing was. */
  readonly wentAt?: Date;
  /** Where it was asked for. */
  readonly channel?: string;
  /** The message that follows it. */
  readonly shownAt?: Place;
  /** Absent: it is under way, or its process died. */
  readonly verdict?: Verdict;
}

/** A forced kill, with what is known of how long the agent needs to stop. */
export type KillReport = ForcedKill & {
  readonly advice: BudgetAdvice;
  /** How it was drained before, newest first. */
  readonly before: readonly DrainResult[];
};

/** What somebody who follows an operation is told, in order. */
export type Followed =
  /** Numbered from 1, without a gap. `kill`: the event is the end of a drain that did not stop in time. */
  | {
      readonly kind: 'event';
      readonly number: number;
      readonly event: OperationEvent;
      readonly kill?: KillReport;
    }
  /** No more steps are begun here; what is under way comes to its end. */
  | { readonly kind: 'pausing' }
  /** The last word. Its projects are free. */
  | { readonly kind: 'over'; readonly verdict: Verdict; readonly kills: readonly KillReport[] }
  /** The last word from here: it is not over, and another process has it, or takes it up. */
  | { readonly kind: 'paused' };

/** What a process that died left, and this one goes on with. */
export interface TakenUp {
  readonly operation: Operation;
  /** What had happened by then; what happens next is followed after so many. */
  readonly events: readonly OperationEvent[];
}

/** What happened, ordered or not; each newest first. */
export interface Past {
  readonly operations: readonly LoggedOperation[];
  readonly deaths: readonly Death[];
  /** What the drains of each agent say of its budget, of those that were ever drained. */
  readonly advice: readonly (readonly [AgentId, BudgetAdvice])[];
}

export interface OperationQuery {
  /** Those of the whole team are about it, too. */
  readonly project?: string;
  readonly since?: Date;
  readonly most: number;
}
