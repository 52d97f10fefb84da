import type { Operation } from '../../domain/operation.ts';
import type { LoggedOperation } from '../../domain/operation-record.ts';
import type { Log } from '../../log/log.ts';
import type { Site } from '../../site/site.ts';
import { type Alerts, tellKills } from '../alerts/forced-kills.ts';
import { type Failure, failureOf } from '../connection/failures.ts';
import { mayPass } from '../outbox/messages.ts';
import { createRetelling } from '../outbox/retelling.ts';
import type { LiveMessage, MessageWriter } from '../outbox/writer.ts';
import type { OperationMessages } from '../records/operation-messages.ts';
import { type AftermathOptions, tellCancelled, tellOver } from './closing-replies.ts';
import { firstCard, followOperation } from './live-message.ts';

export interface ShowingOptions {
  readonly site: Pick<Site, 'follow'>;
  /** Posts each id once. */
  readonly writer: MessageWriter;
  readonly alerts: Alerts;
  readonly messages: OperationMessages;
  readonly hostName: string;
  readonly log: Log;
  /** Milliseconds until what could not be told is told again; doubled for each further try. 60 s unless told. */
  readonly retellMs?: number | undefined;
}

/** Shows operations to their end, and tells what people must know until it stands. */
export interface Showing {
  /** What goes now, in its message. */
  follow(operation: Operation, message: LiveMessage): Promise<void>;
  /** What an earlier process showed, or was about to; of what was asked for on the host the alert channel alone hears. Too early for the next try it does nothing. Never rejects. */
  goOn(logged: LoggedOperation): Promise<void>;
  /** It has tried to tell of it, in vain so far. */
  owes(id: string): boolean;
}

export function createShowing(options: ShowingOptions): Showing {
  const { site, writer, alerts, messages, hostName, log } = options;
  const retelling = createRetelling({ log, firstGapMs: options.retellMs });
  const aftermath: AftermathOptions = { writer, messages, hostName, alertChannel: alerts.channel, log };

  async function showAgain(logged: LoggedOperation, channel: string): Promise<boolean> {
    const { operation, events } = logged;
    const message = await messageOf(logged, channel);
    const alert = alerts.about(operation, message);
    const live = { site, operation, earlier: events.length, message, alert, hostName, log };
    const over = await followOperation(live);
    if (over === undefined) {
      await message.settled();
      return true;
    }
    return over.verdict.cancelled === undefined
      ? await tellOver(over, message, alert, aftermath)
      : await tellCancelled(logged, over.verdict.cancelled, message, aftermath);
  }

  /** Where it stands, or is put now. */
  async function messageOf({ operation, shownAt }: LoggedOperation, channel: string): Promise<LiveMessage> {
    if (shownAt !== undefined) return writer.existing(shownAt.channel, shownAt.ts);
    const { id } = operation;
    const content = firstCard(operation, hostName);
    let message: LiveMessage;
    try {
      message = await writer.post({ channel, content, id, mayBeThere: true });
    } catch (error) {
      const failure = failureOf(error);
      if (mayPass(failure)) throw error;
      return nowhere(channel, failure);
    }
    messages.shown(id, message);
    return message;
  }

  return {
    async follow(operation, message) {
      const alert = alerts.about(operation, message);
      const over = await followOperation({ site, operation, earlier: 0, message, alert, hostName, log });
      if (over === undefined) await message.settled();
      else await retelling.tell(operation.id, () => tellOver(over, message, alert, aftermath));
    },
    goOn: (logged) =>
      retelling.tell(logged.operation.id, async () => {
        const { channel } = logged;
        if (channel !== undefined) return await showAgain(logged, channel);
        if (!(await tellKills(logged, site, alerts))) return false;
        messages.told(logged.operation.id);
        return true;
      }),
    owes: retelling.owes,
  };
}

/** A message that could not be posted: whatever it was to show goes elsewhere. */
function nowhere(channel: string, failure: Failure): LiveMessage {
  return { channel, ts: '', edit: () => undefined, settled: async () => failure };
}
