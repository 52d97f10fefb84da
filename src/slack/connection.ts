import { setTimeout as delay } from 'node:timers/promises';
import { type App, type Receiver, SocketModeReceiver, webApi } from '@slack/bolt';
import { boltLogger } from './bolt-logger.ts';
import type { Log } from './log.ts';
import { SlackRefusedError } from './workspace.ts';

export interface ConnectionOptions {
  readonly appToken: string;
  readonly apiUrl: string;
  readonly log: Log;
  /** Called once when Slack refuses the app for good; no more tries are made. */
  readonly onRefused: (reason: string) => void;
  /** Milliseconds to the second try; doubled for each further one up to 30 s. */
  readonly firstRetryMs?: number;
  /** Milliseconds in which Slack has to say hello on a new socket, and to answer a call; 10 s unless told. */
  readonly helloWithinMs?: number;
}

const longestRetryMs = 30_000;
const forceCloseAfterMs = 300;
/** How long a replaced socket stays: what Slack had sent on it already is still acked. */
const lingerMs = 2000;

/** Slack's words for an app that will never be let in again. */
const refusals = new Set([
  'invalid_auth',
  'not_authed',
  'not_allowed_token_type',
  'account_inactive',
  'token_revoked',
  'token_expired',
  'org_login_required',
  'user_removed_from_team',
  'team_disabled',
  'app_not_found',
]);

/**
 * One logical Socket Mode connection over a chain of sockets: when Slack announces the end of one, the next is opened
 * at once, beside it, so that no command falls into a gap. Stock reconnecting waits 5 s and more without a socket and
 * dies on an uncaught rejection.
 */
export function createConnection(options: ConnectionOptions): Receiver {
  const { log, helloWithinMs = 10_000 } = options;
  let app: App | undefined;
  let current: SocketModeReceiver | undefined;
  const retired = new Map<SocketModeReceiver, NodeJS.Timeout>();
  let stopped = false;

  async function open(): Promise<void> {
    if (app === undefined) throw new Error('the connection was started before the app was made');
    const receiver = new SocketModeReceiver({
      appToken: options.appToken,
      autoReconnectEnabled: false,
      logger: boltLogger(log),
      installerOptions: {
        clientOptions: { slackApiUrl: options.apiUrl, retryConfig: { retries: 0 }, timeout: helloWithinMs },
      },
    });
    receiver.init(app);
    stayOpenUntilReplaced(receiver);
    await startWithin(receiver, helloWithinMs);
    const before = current;
    current = receiver;
    let replaced = false;
    const replace = (reason: string) => {
      if (replaced || stopped || current !== receiver) return;
      replaced = true;
      log.info('socket ends', { reason });
      void reopen();
    };
    receiver.client.on('ws_message', (frame: unknown) => {
      const reason = disconnectReason(frame);
      if (reason !== undefined) replace(reason);
    });
    receiver.client.on('disconnected', () => replace('closed'));
    if (before !== undefined) retire(before);
    if (stopped) await close(receiver);
  }

  function retire(receiver: SocketModeReceiver): void {
    const timer = setTimeout(() => {
      retired.delete(receiver);
      void close(receiver);
    }, lingerMs);
    retired.set(receiver, timer);
  }

  /** Tries until a socket is open, the app is refused, or we are told to stop. */
  async function reopen(): Promise<void> {
    let waitMs = options.firstRetryMs ?? 500;
    while (!stopped) {
      try {
        await open();
        log.info('socket opened');
        return;
      } catch (error) {
        const refusal = refusalOf(error);
        if (refusal !== undefined) {
          stopped = true;
          options.onRefused(refusal);
          return;
        }
        log.warn('socket could not be opened', { error: String(error), nextTryMs: waitMs });
      }
      await delay(waitMs * (0.75 + Math.random() / 2));
      waitMs = Math.min(waitMs * 2, longestRetryMs);
    }
  }

  return {
    init(made) {
      app = made;
    },
    async start() {
      await open().catch((error: unknown) => {
        const refusal = refusalOf(error);
        if (refusal === undefined) throw error;
        throw new SlackRefusedError(
          `Slack refused SLACK_APP_TOKEN (${refusal}). Copy it again from Basic Information, App-Level Tokens, of your app.`,
          { cause: error },
        );
      });
      log.info('socket opened');
    },
    async stop() {
      stopped = true;
      for (const timer of retired.values()) clearTimeout(timer);
      const open = [...retired.keys(), ...(current === undefined ? [] : [current])];
      await Promise.all(open.map(close));
    },
  };
}

/** The library would close a socket as soon as its end is announced, with commands on their way to it. */
function stayOpenUntilReplaced({ client }: SocketModeReceiver): void {
  const listeners = client.listeners('ws_message');
  client.removeAllListeners('ws_message');
  client.on('ws_message', (frame: unknown, ...rest: unknown[]) => {
    if (disconnectReason(frame) !== undefined) return;
    for (const listener of listeners) listener.call(client, frame, ...rest);
  });
}

/** `start()` alone hangs for ever when the server never says hello. */
async function startWithin(receiver: SocketModeReceiver, withinMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      void close(receiver);
      reject(new Error(`Slack said no hello within ${withinMs / 1000} s`));
    }, withinMs);
  });
  try {
    await Promise.race([receiver.client.start(), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Slack may leave its side open for seconds; a second `disconnect()` while closing tears the socket down. */
async function close(receiver: SocketModeReceiver): Promise<void> {
  const { client } = receiver;
  const closed = client.disconnect().catch(() => undefined);
  const given = new AbortController();
  const forced = delay(forceCloseAfterMs, undefined, { signal: given.signal }).then(
    () => client.disconnect().catch(() => undefined),
    () => undefined,
  );
  await Promise.race([closed, forced]);
  given.abort();
}

function disconnectReason(frame: unknown): string | undefined {
  if (typeof frame !== 'string' || !frame.includes('"disconnect"')) return undefined;
  try {
    const message = JSON.parse(frame) as { type?: unknown; reason?: unknown };
    return message.type === 'disconnect' ? String(message.reason) : undefined;
  } catch {
    return undefined;
  }
}

function refusalOf(error: unknown): string | undefined {
  if (!(error instanceof webApi.WebAPIPlatformError)) return undefined;
  const reason = String(error.data.error);
  return refusals.has(reason) ? reason : undefined;
}
