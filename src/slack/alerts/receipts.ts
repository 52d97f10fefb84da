import { adviseBudget, type BudgetAdvice } from '../../domain/budget-advice.ts';
import { type Operation, receiptId } from '../../domain/operation.ts';
import type { ForcedKill } from '../../domain/progress.ts';
import type { DrainResult } from '../../domain/stop-record.ts';
import { JournalError } from '../../journal/journal.ts';
import type { OperationLog } from '../../operations/records/operation-log.ts';
import { drainsOf } from '../../site/read-why.ts';
import { receiptCard } from '../cards/receipt.ts';
import type { MessageContent } from '../markup/blocks.ts';

export type Stops = Pick<OperationLog, 'lastStops'>;

/** The record of one forced kill, and under which id it is posted. `lines`: how many of its last lines may be seen there. */
export function receiptFor(
  operation: Operation,
  kill: ForcedKill,
  lines: number,
  operations: Stops,
): { readonly id: string; readonly content: MessageContent } {
  const id = receiptId(operation, kill.step.id);
  const before = knownDrains(operations, kill).slice(1);
  return { id, content: receiptCard({ id, operation, kill, lines, before }) };
}

/** What the agent's drains say of its budget, the one that ended in this kill among them. */
export function adviceAfter(kill: ForcedKill, operations: Stops): BudgetAdvice {
  return adviseBudget(knownDrains(operations, kill), kill.step.budgetMs);
}

/** This one first, then those before it. Without the journal this one alone. */
function knownDrains(operations: Stops, { step, stop }: ForcedKill): readonly DrainResult[] {
  try {
    const before = drainsOf(operations, step.id, stop.at);
    return [stop.result, ...before];
  } catch (error) {
    if (error instanceof JournalError) return [stop.result];
    throw error;
  }
}
