import type { Operation } from '../../domain/operation.ts';
import type { LoggedOperation } from '../../domain/operation-record.ts';
import type { Log } from '../../log/log.ts';
import type { OperationAlert } from '../alerts/forced-kills.ts';
import { receiptFor } from '../alerts/receipts.ts';
import { closingReply } from '../cards/closing.ts';
import { operationCard } from '../cards/operation.ts';
import { type Failure, failureOf } from '../connection/failures.ts';
import { type MessageContent, sentenceCard, smallPrint } from '../markup/blocks.ts';
import { escaped } from '../markup/mrkdwn.ts';
import { mayPass } from '../outbox/messages.ts';
import type { LiveMessage, MessageWriter } from '../outbox/writer.ts';
import type { OperationMessages } from '../records/operation-messages.ts';
import type { Over } from './live-message.ts';

export interface AftermathOptions {
  /** Posts each id once. */
  readonly writer: MessageWriter;
  readonly messages: Pick<OperationMessages, 'shown' | 'told'>;
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
export async function tellOver(
  { operation, progress, verdict, kills }: Over,
  message: LiveMessage,
  alert: OperationAlert,
  options: AftermathOptions,
): Promise<boolean> {
  const { writer, messages, hostName, log } = options;
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
    const { id, content } = receiptFor(operation, kill, alert.lines);
    const failure = await reply(id, content);
    if (failure !== undefined && mayPass(failure)) return false;
  }
  if (kills.length > 0 || finishedAt.getTime() - operation.startedAt.getTime() > longMs) {
    const offered = alert.isHere ? kills : [];
    const content = closingReply({ operation, progress, finishedAt, untold, offered });
    const failure = await reply(`${operation.id}-over`, content);
    // Where no alert tells of the kills, this does.
    const isNeeded = kills.length > 0 && (alert.isHere || untold !== undefined);
    if (failure !== undefined && (isNeeded || mayPass(failure))) return false;
  }
  if (untold !== undefined && mayPass(untold)) return false;
  messages.told(operation.id);
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

/** Says that nothing more is done about an operation, and why: in its own message, or in another one. Gives whether that stands. */
export async function tellCancelled(
  { operation, wentAt }: LoggedOperation,
  why: string,
  message: LiveMessage,
  options: AftermathOptions,
): Promise<boolean> {
  const before = 'Muster ended in the middle of this and cannot take it up again. ';
  const content = sentenceCard(`Cancelled. ${wentAt === undefined ? '' : before}${escaped(why, 1000)}`);
  message.edit(content);
  if ((await showForSure(operation, content, message, options)) === undefined) return false;
  options.messages.told(operation.id);
  return true;
}

/**
 * Waits until the message of an operation shows its last content. Where it cannot be edited any more, as somebody has deleted it or its
 * channel takes nothing, a new message shows `content`: in the channel, else in the alert channel. Undefined: nowhere yet.
 */
async function showForSure(
  { id }: Pick<Operation, 'id'>,
  content: MessageContent,
  message: LiveMessage,
  { writer, messages, alertChannel, log }: AftermathOptions,
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
      messages.shown(id, anew);
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
