import type { AgentId } from './agent.ts';
import type { DownResult, DrainResult, NotedAgent, WorkTree } from './stop-record.ts';

/** What happens to one agent while an operation runs, in the order in which it happens. Everything shown anywhere is made from these. */
export type OperationEvent = { readonly id: AgentId; readonly at: Date } & (
  | { readonly kind: 'draining'; readonly budgetMs: number }
  /** What has to be gone is known, and nothing was sent yet; a drain's time runs from here. */
  | { readonly kind: 'noted'; readonly noted: NotedAgent }
  /** Somebody gave the drain more time; `budgetMs` is all it has now. */
  | { readonly kind: 'extended'; readonly budgetMs: number }
  /** Somebody ended the wait. */
  | { readonly kind: 'cut-short' }
  /** The drain's time is over; force follows. `lateMs`, here and in `drained`: so long after its deadline, because Muster was not there. */
  | { readonly kind: 'forcing'; readonly lateMs?: number }
  | { readonly kind: 'drained'; readonly result: DrainResult; readonly lateMs?: number }
  /** After a forced kill: what it left unfinished. */
  | { readonly kind: 'examined'; readonly workTree: WorkTree }
  | { readonly kind: 'killing' }
  | { readonly kind: 'killed'; readonly result: DownResult }
  /** It ended while Muster was not there, and nobody can tell when or how. */
  | { readonly kind: 'gone'; readonly why: string }
  | { readonly kind: 'starting' }
  | { readonly kind: 'started' }
  /** Gone from the team, and now from the snapshot too. */
  | { readonly kind: 'forgotten' }
  /** What was still to be done about it is not done any more. */
  | { readonly kind: 'left'; readonly why: string }
  | { readonly kind: 'failed'; readonly error: string }
);
