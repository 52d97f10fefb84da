import type { Selection, Verb } from '../operations/operation.ts';
import type { AgentId } from '../team/team.ts';

/** What somebody typed makes no order; the message says what does. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What the host command is to do. */
export type Order =
  | { readonly kind: 'help'; readonly verb?: string }
  | { readonly kind: 'status'; readonly selection: Selection; readonly json: boolean }
  | OperationOrder
  | { readonly kind: 'logs'; readonly id: AgentId; readonly lines: number }
  | { readonly kind: 'why'; readonly id: AgentId }
  | HistoryOrder
  | { readonly kind: 'audit'; readonly sinceMs: number; readonly json: boolean };

export interface OperationOrder {
  readonly kind: 'operate';
  readonly verb: Verb;
  readonly selection: Selection;
  readonly budgetMs?: number;
  readonly force: boolean;
  readonly dryRun: boolean;
  /** Of a dry run. */
  readonly json: boolean;
  /** Agrees beforehand to what would be asked. */
  readonly yes: boolean;
}

export interface HistoryOrder {
  readonly kind: 'history';
  readonly project?: string;
  /** How far back, in milliseconds. */
  readonly sinceMs?: number;
  readonly as: 'text' | 'markdown' | 'json';
}
