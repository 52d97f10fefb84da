import type { Operation } from '../../domain/operation.ts';
import { forcedKills } from '../../domain/progress.ts';
import type { Log } from '../../log/log.ts';
import type { Over } from '../../operations/conduct.ts';
import type { OperationLog } from '../../operations/records/operation-log.ts';
import type { OperationAlert } from '../alerts/forced-kills.ts';
import { adviceAfter, receiptFor } from '../alerts/receipts.ts';
import { closingReply } from '../cards/closing.ts';
import { operationCard } from '../cards/operation.ts';
import { type Failure, failureOf } from '../connection/failures.ts';
import { type MessageContent, smallPrint } from '../markup/blocks.ts';
import { escaped } from '../markup/mrkdwn.ts';
import { mayPass } from '../outbox/messages.ts';
import type { LiveMessage, MessageWriter } from '../outbox/writer.ts';

export interface AftermathOptions {
  /** Posts each id once. */
  readonly writer: MessageWriter;
  readonly operations: OperationLog;
  readonly hostName: string;
  /** Where the verdict is told if it can be told nowhere else. */
  readonly alertChannel: string;
  readonly log: Log;
}

/** From this long on the person who asked has looked away: an edit would not tell them. */
const longMs = 30_000;

/**
 * Says what there is to say of an operation that is over: the verdict in its message, the alert, a receipt for every forced kill in the
 * thread, and the last word that notifies the person who asked. Gives whether what people must know stands; if not, it is to be called
 * again: what stands already is not said again, whichever process said it.
 */
export async function tellAftermath(
  { operation, progress, verdict }: Over,
  message: LiveMessage,
  alert: OperationAlert,
  options: AftermathOptions,
): Promise<boolean> {
  const { writer, operations, hostName, log } = options;
  const kills = forcedKills(progress);
  const finishedAt = verdict.at;
  if (kills.length > 0) alert.killed(kills);
  const card = operationCard({ operation, progress, hostName, now: new Date(), finished: verdict });
  const [shown, untold] = await Promise.all([
    showForSure(operation, card, message, options),
    alert.settled(),
  ]);
  if (shown === undefined) return false;
  const { channel, ts: thread } = shown;
  for (const kill of kills) {
    const { id, content } = receiptFor(operation, kill, alert.lines, operations);
    const failure = await reply(id, content);
    if (failure !== undefined && mayPass(failure)) return false;
  }
  if (kills.length > 0 || finishedAt.getTime() - operation.startedAt.getTime() > longMs) {
    const offered = alert.isHere
      ? kills.map((kill) => ({ ...kill, advice: adviceAfter(kill, operations) }))
      : [];
    const content = closingReply({ operation, progress, finishedAt, untold, offered });
    const failure = await reply(`${operation.id}-over`, content);
    // Where no alert tells of the kills, this does.
    const isNeeded = kills.length > 0 && (alert.isHere || untold !== undefined);
    if (failure !== undefined && (isNeeded || mayPass(failure))) return false;
  }
  if (untold !== undefined && mayPass(untold)) return false;
  operations.told(operation.id);
  return true;

  /** What was done stays done: a reply that cannot be posted is no failure of the operation. */
  async function reply(id: string, content: MessageContent): Promise<Failure | undefined> {
    try {
      await writer.post({ channel, thread, content, id });
      return undefined;
    } catch (error) {
      const failure = failureOf(error);
      log.error('a reply could not be posted', { operation: operation.id, id, error: failure.words });
      return failure;
    }
  }
}

/**
 * Waits until the message of an operation shows its last content. Where it cannot be edited any more, as somebody has deleted it or its
 * channel takes nothing, a new message shows `content`: in the channel, else in the alert channel. Undefined: nowhere yet.
 */
export async function showForSure(
  { id }: Pick<Operation, 'id'>,
  content: MessageContent,
  message: LiveMessage,
  { writer, operations, alertChannel, log }: AftermathOptions,
): Promise<LiveMessage | undefined> {
  let failure = await message.settled();
  if (failure === undefined) return message;
  for (const channel of new Set([message.channel, alertChannel])) {
    if (mayPass(failure)) return undefined;
    try {
      const why = whyHere(message.channel, channel, failure);
      const anew = await writer.post({ channel, content: withSmallPrint(content, why), id: `${id}-verdict` });
      failure = await anew.settled();
      if (failure === undefined) return moved(anew);
    } catch (error) {
      failure = failureOf(error);
      log.error('a verdict could not be told in a new message', {
        operation: id,
        channel,
        error: failure.words,
      });
    }
  }
  return undefined;

  /** From now on this is the operation's message; if that cannot be written, the next process finds the new one by its id. */
  function moved(anew: LiveMessage): LiveMessage {
    try {
      operations.shown(id, anew);
    } catch (error) {
      log.error('where an operation is shown now is not on record', { operation: id, error: String(error) });
    }
    return anew;
  }
}

function whyHere(from: string, to: string, { words }: Failure): string {
  return from === to
    ? `The message that showed this cannot be edited any more (${escaped(words, 100)}).`
    : `This is told here because <#${from}> takes no messages from Muster any more (${escaped(words, 100)}).`;
}

function withSmallPrint({ text, blocks }: MessageContent, words: string): MessageContent {
  return { text: `${text} ${words}`, blocks: [...blocks, smallPrint(words)] };
}
