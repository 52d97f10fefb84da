import { execa } from 'execa';
import type { Environment } from './environment.ts';

/** The systemd that keeps this process as a service, where it is of type `notify`; elsewhere every call does nothing. */
export interface ServiceManager {
  /** The unit wants a sign of life so often, in milliseconds; absent: it does not. */
  readonly watchdogMs?: number;
  ready(): Promise<void>;
  /** A sign of life. */
  alive(): Promise<void>;
  stopping(): Promise<void>;
  /** Not ready yet, for this reason, which `systemctl status` shows; more is heard of it within so many milliseconds. */
  waiting(words: string, ms: number): Promise<void>;
}

/** Longer than any answer takes. */
const timeoutMs = 5000;

/**
 * Node has no datagram sockets of the kind that systemd listens on, so it is `systemd-notify` that speaks: the unit needs
 * `NotifyAccess=all`. `onError` gets what went wrong; a sign of life that is lost is made up for by the next.
 */
export function createServiceManager(env: Environment, onError: (error: Error) => void): ServiceManager {
  const isNotified = Boolean(env.NOTIFY_SOCKET);
  // WATCHDOG_PID is the unit's first process, which may be an npm that started us and cannot speak for itself.
  const watchdogMs = Number(env.WATCHDOG_USEC) / 1000;

  async function notify(...assignments: string[]): Promise<void> {
    if (!isNotified) return;
    try {
      await execa('systemd-notify', assignments, {
        env: { PATH: env.PATH, NOTIFY_SOCKET: env.NOTIFY_SOCKET },
        extendEnv: false,
        stdin: 'ignore',
        timeout: timeoutMs,
      });
    } catch (error) {
      onError(error instanceof Error ? error : new Error(String(error)));
    }
  }

  return {
    ...(isNotified && watchdogMs > 0 && { watchdogMs }),
    ready: () => notify('READY=1', 'STATUS='),
    alive: () => notify('WATCHDOG=1'),
    stopping: () => notify('STOPPING=1'),
    waiting: (words, ms) =>
      notify(`STATUS=${words.replaceAll('\n', ' ')}`, `EXTEND_TIMEOUT_USEC=${Math.ceil(ms) * 1000}`),
  };
}
