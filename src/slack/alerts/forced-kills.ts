import type { AgentId } from '../../domain/agent.ts';
import type { Operation } from '../../domain/operation.ts';
import type { KillReport, LoggedOperation } from '../../domain/operation-record.ts';
import type { Log } from '../../log/log.ts';
import type { Site } from '../../site/site.ts';
import type { Mutes } from '../../watch/alerts/mutes.ts';
import { alertCard } from '../cards/forced-kills.ts';
import { type Failure, failureOf } from '../connection/failures.ts';
import { mayPass } from '../outbox/messages.ts';
import type { LiveMessage, MessageWriter } from '../outbox/writer.ts';
import { receiptFor } from './receipts.ts';

/** Tells the alert channel what nobody may miss. */
export interface Alerts {
  /** The alert channel. */
  readonly channel: string;
  /** `message`: where the operation is shown, if it is; in the alert channel itself the closing reply there is the alert. */
  about(operation: Operation, message?: Pick<LiveMessage, 'channel'>): OperationAlert;
}

export interface OperationAlert {
  /** The operation is shown in the alert channel itself. */
  readonly isHere: boolean;
  /** How many of an agent's last lines may be seen where the operation is shown. */
  readonly lines: number;
  /** All forced kills so far; the first posts at once, later ones are edited in. What is muted is kept for the end of the mute. */
  killed(kills: readonly KillReport[]): void;
  /** Resolves when all is told, in a new message where somebody has deleted the first; with the reason if it could not be. */
  settled(): Promise<Failure | undefined>;
}

export interface AlertsOptions {
  /** Posts each id once. */
  readonly writer: MessageWriter;
  readonly channel: string;
  /** How many of an agent's last lines the channel may see. */
  readonly lines: number;
  readonly hostName: string;
  readonly mutes: Pick<Mutes, 'of' | 'keep'>;
  readonly log: Log;
}

export function createAlerts(options: AlertsOptions): Alerts {
  const { writer, channel, lines, hostName, mutes, log } = options;

  /** Whatever is in doubt is told. */
  function isMuted({ step, stop }: KillReport): boolean {
    try {
      const mute = mutes.of(step.id);
      if (mute !== undefined) mutes.keep(mute, { agent: step.id, kind: 'killed', at: stop.at });
      return mute !== undefined;
    } catch (error) {
      log.error('whether a forced kill is muted cannot be read', { error: String(error) });
      return false;
    }
  }

  return {
    channel,
    about(operation, message) {
      const id = operation.id.replace('O-', 'A-');
      const shownIn = message?.channel;
      const muted = new Map<AgentId, boolean>();
      let kills: readonly KillReport[] = [];
      let posting: Promise<LiveMessage> | undefined;
      const card = () => alertCard({ operation, kills, hostName, shownIn });

      function isTold(kill: KillReport): boolean {
        const { id } = kill.step;
        if (!muted.has(id)) muted.set(id, isMuted(kill));
        return muted.get(id) === false;
      }

      async function tell(): Promise<void> {
        if (posting === undefined) {
          posting = writer.post({ channel, content: card(), id });
          await posting;
        } else {
          (await posting).edit(card());
        }
      }

      /** The alert itself stands: that a receipt is refused is no reason to say that nobody was told. */
      async function complete(first: LiveMessage): Promise<Failure | undefined> {
        const unshown = await first.settled();
        const isGone = unshown !== undefined && !mayPass(unshown);
        const alert = isGone ? await writer.post({ channel, content: card(), id: `${id}-again` }) : first;
        for (const kill of kills) {
          const receipt = receiptFor(operation, kill, lines);
          try {
            await writer.post({ channel, thread: alert.ts, ...receipt });
          } catch (error) {
            const failure = failureOf(error);
            log.error('a receipt could not be posted', { channel, id: receipt.id, error: failure.words });
            if (mayPass(failure)) return failure;
          }
        }
        return await alert.settled();
      }

      const isHere = shownIn === channel;
      return {
        isHere,
        lines: isHere ? lines : 0,
        killed(all) {
          if (isHere) return;
          const told = all.filter(isTold);
          const hasNews = told.length > kills.length;
          kills = told;
          if (!hasNews) return;
          tell().catch((error: unknown) =>
            log.error('the alert channel could not be told', { channel, error: String(error) }),
          );
        },
        async settled() {
          if (posting === undefined) return undefined;
          try {
            return await complete(await posting);
          } catch (error) {
            return failureOf(error);
          }
        },
      };
    },
  };
}

/** Tells what was asked for on the host, where whoever asked has seen there what is to be seen, but for an alert. Gives whether that stands. */
export async function tellKills(
  { operation, events }: LoggedOperation,
  site: Pick<Site, 'follow'>,
  alerts: Alerts,
): Promise<boolean> {
  const alert = alerts.about(operation);
  for await (const news of site.follow(operation.id, events.length)) {
    if (news.kind === 'over' && news.kills.length > 0) alert.killed(news.kills);
  }
  return (await alert.settled()) === undefined;
}
