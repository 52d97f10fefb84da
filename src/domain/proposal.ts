import type { AgentId } from './agent.ts';
import type { AskReason } from './confirmation.ts';
import type { Observation } from './observation.ts';
import type { Operation, Request } from './operation.ts';
import type { Plan } from './plan.ts';
import type { BusyWith } from './refusal.ts';

/** What a request would do in the world as it is, before anything is touched. */
export interface Proposal {
  readonly request: Request;
  readonly plan: Plan;
  /** The agents as the plan saw them. */
  readonly observed: readonly (readonly [AgentId, Observation])[];
  /** The digest of what a person is shown of it (`shownBy`): the same as long as the plan, the states and the lives are. */
  readonly hash: string;
  /** Why somebody has to agree to it first; absent: it may run. */
  readonly reason?: AskReason;
}

export interface BeginOrder {
  /** Made by `newId('O')`. It begins once: asked again, the answer is what it became. */
  readonly id: string;
  readonly request: Request;
  /** Of the proposal that a person saw: only this is begun. Absent: nobody saw any. */
  readonly planHash?: string;
  /** Who agreed, where another one than the asker did. */
  readonly confirmedBy?: string;
}

/** What became of an order to begin. But for `begun` nothing is held, and no agent was touched. */
export type Beginning =
  /** It is on record, holds its projects, and waits for `go`; nothing is touched yet. `observed` is empty where the id had begun before. */
  | {
      readonly kind: 'begun';
      readonly operation: Operation;
      readonly observed: Proposal['observed'];
    }
  | { readonly kind: 'busy'; readonly with: BusyWith }
  /** It has to be agreed to, and no hash says that it was. */
  | { readonly kind: 'ask'; readonly proposal: Proposal }
  /** What would be done now is not what the hash stands for. */
  | { readonly kind: 'changed'; readonly proposal: Proposal }
  /** All is as it should be, and what was wished is noted. `unsettled`: why the snapshot could not be brought up to date. */
  | { readonly kind: 'nothing-to-do'; readonly proposal: Proposal; readonly unsettled?: string }
  /** It was asked for more than `notLaterMs` ago. */
  | { readonly kind: 'too-late' };

export type Going = { readonly kind: 'going' } | { readonly kind: 'too-late' };

/** Nothing is begun later than this after it was asked for, in milliseconds: the world that was asked about is another by then. */
export const notLaterMs = 60_000;

/** `now`: milliseconds since 1970. */
export function isTooLate(
  { request, startedAt }: Pick<Operation, 'request' | 'startedAt'>,
  now: number,
): boolean {
  return now - (request.askedAt ?? startedAt).getTime() > notLaterMs;
}
