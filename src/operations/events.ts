import type { DownResult, DrainResult } from '../supervisor/supervisor.ts';
import type { AgentId } from '../team/team.ts';

/** What happens to one agent while an operation runs, in the order in which it happens. Everything shown anywhere is made from these. */
export type OperationEvent =
  | { readonly kind: 'draining'; readonly id: AgentId; readonly at: Date; readonly budgetMs: number }
  | { readonly kind: 'drained'; readonly id: AgentId; readonly at: Date; readonly result: DrainResult }
  | { readonly kind: 'killing'; readonly id: AgentId; readonly at: Date }
  | { readonly kind: 'killed'; readonly id: AgentId; readonly at: Date; readonly result: DownResult }
  | { readonly kind: 'starting'; readonly id: AgentId; readonly at: Date }
  | { readonly kind: 'started'; readonly id: AgentId; readonly at: Date }
  /** Gone from the team, and now from the snapshot too. */
  | { readonly kind: 'forgotten'; readonly id: AgentId; readonly at: Date }
  | { readonly kind: 'failed'; readonly id: AgentId; readonly at: Date; readonly error: Error };
