import type { Over } from '../operations/conduct.ts';
import type { OperationLog } from '../operations/operation-log.ts';
import { forcedKills } from '../operations/progress.ts';
import type { OperationAlert } from './alerts.ts';
import { closingReply } from './cards/closing.ts';
import type { Log } from './log.ts';
import type { MessageContent } from './messages.ts';
import { adviceAfter, receiptFor } from './receipts.ts';
import type { LiveMessage, MessageWriter } from './writer.ts';

export interface AftermathOptions {
  /** Posts each id once. */
  readonly writer: MessageWriter;
  readonly operations: OperationLog;
  readonly log: Log;
}

/** From this long on the person who asked has looked away: an edit would not tell them. */
const longMs = 30_000;

/**
 * Says what there is to say of an operation that is over: a receipt for every forced kill in the thread, the alert, and the last word
 * that notifies the person who asked. What a process that died had said already is not said again.
 */
export async function tellAftermath(
  { operation, progress, verdict }: Over,
  message: LiveMessage,
  alert: OperationAlert,
  { writer, operations, log }: AftermathOptions,
): Promise<void> {
  const kills = forcedKills(progress);
  const finishedAt = verdict.at;
  if (kills.length > 0) alert.killed(kills);
  for (const kill of kills) {
    const { id, content } = receiptFor(operation, kill, alert.lines, operations);
    await reply(id, content);
  }
  const untold = await alert.settled();
  if (kills.length > 0 || finishedAt.getTime() - operation.startedAt.getTime() > longMs) {
    const offered = alert.isHere
      ? kills.map((kill) => ({ ...kill, advice: adviceAfter(kill, operations) }))
      : [];
    const content = closingReply({ operation, progress, finishedAt, untold, offered });
    await reply(`${operation.id}-over`, content);
  }
  await message.settled();
  operations.told(operation.id);

  /** What was done stays done: a reply that cannot be posted is no failure of the operation. */
  async function reply(id: string, content: MessageContent): Promise<void> {
    try {
      await writer.post({ channel: message.channel, thread: message.ts, content, id });
    } catch (error) {
      log.error('a reply could not be posted', { operation: operation.id, id, error: String(error) });
    }
  }
}
