import type { Alert, MuteOver } from '../../domain/alert.ts';
import type { Journal } from '../../journal/journal.ts';
import type { Log } from '../../log/log.ts';
import type { Host } from '../../operations/host.ts';
import { createWatcher, type Watcher } from '../../watch/watcher.ts';
import { muteOverCard } from '../cards/mute.ts';
import { watchAlertCard } from '../cards/watch-alert.ts';
import { mayPass } from '../outbox/messages.ts';
import type { LiveMessage, MessageWriter } from '../outbox/writer.ts';

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

export interface WatchingOptions {
  readonly host: Host;
  readonly journal: Journal;
  /** Posts each id once. */
  readonly writer: MessageWriter;
  readonly channel: string;
  readonly log: Log;
}

/** Watches the team from now on, and tells the alert channel. Throws `JournalError`. */
export function startWatching(options: WatchingOptions): { stop(): Promise<void> } {
  const { host, journal, writer, channel, log } = options;
  const alerts = createWatchAlerts({
    writer,
    channel,
    hostName: host.name,
    log,
    watcher: {
      told: (...args) => watcher.told(...args),
      muteTold: (over) => watcher.muteTold(over),
      backendOf: (agents) => watcher.backendOf(agents),
    },
  });
  const watcher: Watcher = createWatcher({
    host,
    journal,
    onAlert(alert) {
      const { id, revision, agents, resolvedAt } = alert;
      log.info('alert', { id, revision, agents: agents.length, resolved: resolvedAt !== undefined });
      alerts.alert(alert);
    },
    onMuteOver: alerts.muteOver,
    onError: (error) => log.warn('the watch is disturbed', { error: error.message }),
  });
  const started = watcher.start();
  started.catch((error: unknown) => log.error('the team cannot be watched', { error: String(error) }));
  return {
    async stop() {
      await started.catch(() => undefined);
      await watcher.stop();
      await alerts.stop();
    },
  };
}
