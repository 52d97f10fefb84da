import type { Alert, MuteOver } from '../watch/alert.ts';
import type { Watcher } from '../watch/watcher.ts';
import { muteOverCard } from './cards/mute.ts';
import { watchAlertCard } from './cards/watch-alert.ts';
import type { Log } from './log.ts';
import { mayPass } from './messages.ts';
import type { LiveMessage, MessageWriter } from './writer.ts';

export interface WatchAlertsOptions {
  /** Posts each id once. */
  readonly writer: MessageWriter;
  readonly channel: string;
  readonly hostName: string;
  readonly log: Log;
  readonly watcher: Pick<Watcher, 'told' | 'muteTold' | 'backendOf'>;
  /** Milliseconds until what could not be posted is tried again; 60 s unless told. */
  readonly retryMs?: number;
}

/** Posts what the watcher says, each alert as one message that is edited from then on. */
export interface WatchAlerts {
  alert(alert: Alert): void;
  muteOver(over: MuteOver): void;
  /** Resolves when all is told that can be told now; nothing is tried again later. */
  stop(): Promise<void>;
}

export function createWatchAlerts(options: WatchAlertsOptions): WatchAlerts {
  const { writer, channel, hostName, log, watcher, retryMs = 60_000 } = options;
  /** What waits to be told, by id; of one alert the newest counts. */
  const waiting = new Map<string, () => Promise<void>>();
  const working = new Map<string, Promise<void>>();
  const retries = new Set<NodeJS.Timeout>();
  let isStopped = false;

  function tell(id: string, work: () => Promise<void>): void {
    waiting.set(id, work);
    if (working.has(id)) return;
    const all = tellAll(id).finally(() => working.delete(id));
    working.set(id, all);
  }

  async function tellAll(id: string): Promise<void> {
    for (let work = waiting.get(id); work !== undefined; work = waiting.get(id)) {
      waiting.delete(id);
      try {
        await work();
      } catch (error) {
        log.error('the alert channel could not be told', { channel, id, error: String(error) });
        later(id, waiting.get(id) ?? work);
        return;
      }
    }
  }

  function later(id: string, work: () => Promise<void>): void {
    if (isStopped) return;
    const timer = setTimeout(() => {
      retries.delete(timer);
      if (!working.has(id)) tell(id, waiting.get(id) ?? work);
    }, retryMs);
    retries.add(timer);
  }

  async function show(alert: Alert): Promise<void> {
    const backend = watcher.backendOf(alert.agents.map(({ id }) => id));
    const content = watchAlertCard({ alert, hostName, backend });
    let message: LiveMessage;
    if (alert.message === undefined) message = await writer.post({ channel, content, id: alert.id });
    else {
      message = writer.existing(alert.message.channel, alert.message.ts);
      message.edit(content);
    }
    let failure = await message.settled();
    if (failure !== undefined && !mayPass(failure)) {
      // Somebody has deleted it, and what has changed since is news.
      message = await writer.post({ channel, content, id: `${alert.id}-${alert.revision}` });
      failure = await message.settled();
    }
    if (failure !== undefined) throw new Error(failure.words);
    watcher.told(alert, { channel: message.channel, ts: message.ts });
  }

  return {
    alert: (alert) => tell(alert.id, () => show(alert)),
    muteOver(over) {
      const id = `M-${over.mute.id}`;
      tell(id, async () => {
        await writer.post({ channel, content: muteOverCard(over), id });
        watcher.muteTold(over);
      });
    },
    async stop() {
      isStopped = true;
      for (const timer of retries) clearTimeout(timer);
      await Promise.all(working.values());
    },
  };
}
