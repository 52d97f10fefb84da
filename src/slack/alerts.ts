import { receiptId } from '../operations/ids.ts';
import type { Operation } from '../operations/operation.ts';
import type { ForcedKill } from '../operations/progress.ts';
import { alertCard } from './cards/alert.ts';
import { receiptCard } from './cards/receipt.ts';
import type { Log } from './log.ts';
import { failureOf } from './messages.ts';
import type { LiveMessage, MessageWriter } from './writer.ts';

/** Tells the alert channel what nobody may miss. */
export interface Alerts {
  /** `message`: where the operation is shown, if it is; in the alert channel itself the closing reply there is the alert. */
  about(operation: Operation, message?: Pick<LiveMessage, 'channel'>): OperationAlert;
}

export interface OperationAlert {
  /** The operation is shown in the alert channel itself. */
  readonly isHere: boolean;
  /** All forced kills so far; the first posts at once, later ones are edited in. */
  killed(kills: readonly ForcedKill[]): void;
  /** Resolves when all is told; with the reason if it could not be. */
  settled(): Promise<string | undefined>;
}

export interface AlertsOptions {
  /** Posts each id once. */
  readonly writer: MessageWriter;
  readonly channel: string;
  readonly hostName: string;
  readonly log: Log;
}

export function createAlerts({ writer, channel, hostName, log }: AlertsOptions): Alerts {
  return {
    about(operation, message) {
      const shownIn = message?.channel;
      let kills: readonly ForcedKill[] = [];
      let posting: Promise<LiveMessage> | undefined;
      const card = () => alertCard({ operation, kills, hostName, shownIn });

      async function tell(): Promise<void> {
        if (posting === undefined) {
          posting = writer.post({ channel, content: card(), id: operation.id.replace('O-', 'A-') });
          await posting;
        } else {
          (await posting).edit(card());
        }
      }

      /** The alert itself stands: a receipt that cannot be added is no reason to say that nobody was told. */
      async function addReceipts(alert: LiveMessage): Promise<void> {
        for (const kill of kills) {
          const id = receiptId(operation, kill.step.id);
          const content = receiptCard({ id, operation, kill, lines: true });
          await writer.post({ channel, thread: alert.ts, content, id }).catch((error: unknown) => {
            log.error('a receipt could not be posted', { channel, id, error: String(error) });
          });
        }
        await alert.settled();
      }

      const isHere = shownIn === channel;
      return {
        isHere,
        killed(all) {
          if (isHere || (posting !== undefined && all.length === kills.length)) return;
          kills = all;
          tell().catch((error: unknown) =>
            log.error('the alert channel could not be told', { channel, error: String(error) }),
          );
        },
        async settled() {
          if (posting === undefined) return undefined;
          try {
            await addReceipts(await posting);
            return undefined;
          } catch (error) {
            return failureOf(error).words;
          }
        },
      };
    },
  };
}
