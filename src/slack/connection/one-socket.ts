import { setTimeout as delay } from 'node:timers/promises';
import { type App, SocketModeReceiver } from '@slack/bolt';
import type { Log } from '../../log/log.ts';
import { boltLogger } from './bolt-logger.ts';

export interface SocketOptions {
  readonly app: App;
  readonly appToken: string;
  readonly apiUrl: string;
  readonly log: Log;
  /** Milliseconds in which Slack has to say hello, and to answer the call before it. */
  readonly helloWithinMs: number;
  /** Slack's hello, with its count of the app's sockets, this one among them. */
  readonly onHello: (connections: number) => void;
  /** It has ended, or Slack has announced that it will; called at least once, perhaps with both reasons. */
  readonly onEnd: (reason: string) => void;
  /** Nothing of it is left; also after `close`. */
  readonly onGone: () => void;
}

export interface Socket {
  close(): Promise<void>;
}

const forceCloseAfterMs = 300;

/** Opens one socket and resolves at Slack's hello. Stock clients reconnect by themselves, after 5 s and more without a socket. */
export async function openSocket(options: SocketOptions): Promise<Socket> {
  const receiver = new SocketModeReceiver({
    appToken: options.appToken,
    autoReconnectEnabled: false,
    logger: boltLogger(options.log),
    installerOptions: {
      clientOptions: {
        slackApiUrl: options.apiUrl,
        retryConfig: { retries: 0 },
        rejectRateLimitedCalls: true,
        timeout: options.helloWithinMs,
      },
    },
  });
  receiver.init(options.app);
  readFrames(receiver, options);
  receiver.client.on('disconnected', () => {
    options.onEnd('closed');
    options.onGone();
  });
  await startWithin(receiver, options.helloWithinMs);
  return { close: () => close(receiver) };
}

/** The library would close a socket as soon as its end is announced, with commands on their way to it. */
function readFrames({ client }: SocketModeReceiver, { onHello, onEnd }: SocketOptions): void {
  const listeners = client.listeners('ws_message');
  client.removeAllListeners('ws_message');
  client.on('ws_message', (frame: unknown, ...rest: unknown[]) => {
    const control = controlFrame(frame);
    if (control?.type === 'disconnect') return onEnd(String(control.reason));
    if (control?.type === 'hello') onHello(Number(control.num_connections));
    for (const listener of listeners) listener.call(client, frame, ...rest);
  });
}

interface ControlFrame {
  readonly type?: unknown;
  readonly reason?: unknown;
  readonly num_connections?: unknown;
}

/** What is not for the app but about the socket. */
function controlFrame(frame: unknown): ControlFrame | undefined {
  if (typeof frame !== 'string' || !/"(?:hello|disconnect)"/.test(frame)) return undefined;
  try {
    return JSON.parse(frame) as ControlFrame;
  } catch {
    return undefined;
  }
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
  } catch (error) {
    // The client rejects with nothing.
    throw error ?? new Error('the socket was closed before Slack said hello');
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
