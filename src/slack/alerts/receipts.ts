import { type Operation, receiptId } from '../../domain/operation.ts';
import type { KillReport } from '../../domain/operation-record.ts';
import { receiptCard } from '../cards/receipt.ts';
import type { MessageContent } from '../markup/blocks.ts';

/** The record of one forced kill, and under which id it is posted. `lines`: how many of its last lines may be seen there. */
export function receiptFor(
  operation: Operation,
  kill: KillReport,
  lines: number,
): { readonly id: string; readonly content: MessageContent } {
  const id = receiptId(operation, kill.step.id);
  return { id, content: receiptCard({ id, operation, kill, lines, before: kill.before }) };
}
