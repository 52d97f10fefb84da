import type { AgentId } from '../../domain/agent.ts';
import type { Operation } from '../../domain/operation.ts';
import type { LoggedOperation } from '../../domain/operation-record.ts';
import { type ForcedKill, forcedKills, progressBy } from '../../domain/progress.ts';
import type { Log } from '../../log/log.ts';
import { conduct, type Runs } from '../../operations/conduct.ts';
import type { Host } from '../../operations/host.ts';
import type { OperationLog } from '../../operations/records/operation-log.ts';
import { goOnFrom } from '../../operations/recovery.ts';
import type { Mutes } from '../../watch/alerts/mutes.ts';
import { alertCard } from '../cards/forced-kills.ts';
import { type Failure, failureOf } from '../connection/failures.ts';
import { explain } from '../markup/explain.ts';
import { mayPass } from '../outbox/messages.ts';
import type { LiveMessage, MessageWriter } from '../outbox/writer.ts';
import { adviceAfter, receiptFor, type Stops } from './receipts.ts';

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
  killed(kills: readonly ForcedKill[]): void;
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
  readonly operations: Stops;
  readonly mutes: Pick<Mutes, 'of' | 'keep'>;
  readonly log: Log;
}

export function createAlerts(options: AlertsOptions): Alerts {
  const { writer, channel, lines, hostName, operations, mutes, log } = options;

  /** Whatever is in doubt is told. */
  function isMuted({ step, stop }: ForcedKill): boolean {
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
      let kills: readonly ForcedKill[] = [];
      let posting: Promise<LiveMessage> | undefined;
      const card = () =>
        alertCard({
          operation,
          kills: kills.map((kill) => ({ ...kill, advice: adviceAfter(kill, operations) })),
          hostName,
          shownIn,
        });

      function isTold(kill: ForcedKill): boolean {
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
          const receipt = receiptFor(operation, kill, lines, operations);
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

export interface HostCommandOptions {
  readonly host: Host;
  readonly alerts: Alerts;
  readonly operations: OperationLog;
  /** Of this boot. */
  readonly bootId: string;
}

/** The operations of the host command, which have no message: whoever asked has seen there what is to be seen, but for an alert. */
export interface HostCommand {
  /** Goes on with what one that died had begun; what is to be told of it is told at the next look. */
  takeUp(logged: LoggedOperation): Promise<void>;
  /** Gives whether it is told; an alert that cannot be posted stays to be told. */
  tell(logged: LoggedOperation): Promise<boolean>;
}

export function createHostCommand(
  { host, alerts, operations, bootId }: HostCommandOptions,
  runs: Runs,
): HostCommand {
  return {
    async takeUp(logged) {
      const { operation } = logged;
      try {
        const from = await goOnFrom(logged, { host, operations, bootId });
        await runs.during(operation.id, (began) =>
          conduct({ operation, ...from, operations, emit: () => undefined, began }),
        );
      } catch (error) {
        operations.finish(operation, { at: new Date(), cancelled: explain(error).words });
      }
    },

    async tell({ operation, events }) {
      const kills = forcedKills(progressBy(operation.plan, events));
      const alert = alerts.about(operation);
      if (kills.length > 0) alert.killed(kills);
      if ((await alert.settled()) !== undefined) return false;
      operations.told(operation.id);
      return true;
    },
  };
}
