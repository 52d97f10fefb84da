import type { Host } from '../operations/host.ts';
import type { Journal } from '../operations/journal.ts';
import { createWatcher, type Watcher } from '../watch/watcher.ts';
import type { Log } from './log.ts';
import { createWatchAlerts } from './watch-alerts.ts';
import type { MessageWriter } from './writer.ts';

export interface WatchingOptions {
  readonly host: Host;
  readonly journal: Journal;
  readonly bootId: string;
  /** Posts each id once. */
  readonly writer: MessageWriter;
  readonly channel: string;
  readonly log: Log;
}

/** Watches the team from now on, and tells the alert channel. Throws `JournalError`. */
export function startWatching(options: WatchingOptions): { stop(): Promise<void> } {
  const { host, journal, bootId, writer, channel, log } = options;
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
    bootId,
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
