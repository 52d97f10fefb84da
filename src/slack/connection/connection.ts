import { setTimeout as delay } from 'node:timers/promises';
import type { App, Receiver } from '@slack/bolt';
import type { Log } from '../../log/log.ts';
import { createBackOff, type Wait } from './back-off.ts';
import { wordsOf } from './failures.ts';
import { openSocket, type Socket } from './one-socket.ts';
import { createCopies } from './rival-instances.ts';
import { gettingIn } from './sign-in.ts';
import { refusalOf } from './token-errors.ts';

export interface ConnectionOptions {
  readonly appToken: string;
  readonly apiUrl: string;
  readonly log: Log;
  /** Called once when Slack refuses the app for good; no more tries are made. */
  readonly onRefused: (reason: string) => void;
  /** Called each time the first socket could not be opened; it is tried again. */
  readonly onWait?: (wait: Wait) => void;
  /** Called once when there has been no socket for too long, though it was tried all the time. */
  readonly onLost: (forMs: number) => void;
  /** Milliseconds to the second try; doubled for each further one up to 30 s. */
  readonly firstRetryMs?: number;
  /** Milliseconds in which Slack has to say hello on a new socket, and to answer a call; 10 s unless told. */
  readonly helloWithinMs?: number;
  /** How long it goes without a socket before `onLost`; 5 min unless told. */
  readonly lostAfterMs?: number;
  /** How often a new socket is opened only to have Slack count them all; 5 min unless told, and a minute while in doubt. */
  readonly recountMs?: number;
}

export interface Connection extends Receiver {
  /** Another copy of the bot answers for the same app: who asks cannot know which of them acts. */
  hasRival(): boolean;
}

const recountInDoubtMs = 60_000;

/** How long a replaced socket stays: what Slack had sent on it already is still acked. */
const lingerMs = 2000;

/**
 * One logical Socket Mode connection over a chain of sockets: when Slack announces the end of one, the next is opened
 * at once, beside it, so that no command falls into a gap.
 */
export function createConnection(options: ConnectionOptions): Connection {
  const { log, helloWithinMs = 10_000, lostAfterMs = 300_000, recountMs = 300_000 } = options;
  const copies = createCopies();
  let app: App | undefined;
  let current: Socket | undefined;
  const retired = new Map<Socket, NodeJS.Timeout>();
  let reopening = false;
  /** Since when the current socket is at its end, or has ended. */
  let neededSince: number | undefined;
  let recount: NodeJS.Timeout | undefined;
  let stopped = false;
  const stopping = new AbortController();

  async function open(): Promise<void> {
    if (app === undefined) throw new Error('the connection was started before the app was made');
    let opened: Socket | undefined;
    let counted = false;
    let ended = false;
    const socket = await openSocket({
      ...options,
      app,
      helloWithinMs,
      onHello(connections) {
        counted = true;
        count(connections);
      },
      onEnd(reason) {
        ended = true;
        if (opened === undefined || stopped || current !== opened) return;
        if (neededSince === undefined) log.info('socket ends', { reason });
        neededSince ??= performance.now();
        void reopen();
      },
      onGone() {
        if (counted) copies.ended();
        counted = false;
      },
    });
    if (ended) {
      await socket.close();
      throw new Error('Slack ended the socket as soon as it was open');
    }
    opened = socket;
    const before = current;
    current = socket;
    neededSince = undefined;
    if (before !== undefined) retire(before);
    if (stopped) await socket.close();
  }

  function count(connections: number): void {
    const before = copies.others();
    const { ours, finding } = copies.opened(connections);
    if (finding === 'others') {
      log.warn('another copy of the bot answers for this app: changes are refused', { connections, ours });
    } else if (finding === 'alone' && before) {
      log.info('no other copy of the bot answers for this app any more');
    }
    recountIn(finding === 'alone' ? recountMs : Math.min(recountMs, recountInDoubtMs));
  }

  function recountIn(ms: number): void {
    clearTimeout(recount);
    if (!stopped) recount = setTimeout(() => void reopen(), ms).unref();
  }

  function retire(socket: Socket): void {
    const timer = setTimeout(() => {
      retired.delete(socket);
      void socket.close();
    }, lingerMs);
    retired.set(socket, timer);
  }

  /** Tries until a socket is open, the app is refused, or we are told to stop; only once while the current one will do. */
  async function reopen(): Promise<void> {
    if (reopening) return;
    reopening = true;
    const backOff = createBackOff(options.firstRetryMs);
    let told = false;
    for (;;) {
      const failed = await failureToOpen();
      if (failed === undefined) break;
      if (neededSince === undefined) {
        log.warn('no further socket could be opened to count them', { error: wordsOf(failed) });
        recountIn(recountMs);
        break;
      }
      const wait = backOff(failed);
      tellOf(wait);
      const forMs = performance.now() - neededSince;
      if (forMs > lostAfterMs && !told) {
        told = true;
        options.onLost(forMs);
      }
      await delay(wait.waitMs);
    }
    reopening = false;
  }

  /** Undefined: there is nothing more to be tried. */
  async function failureToOpen(): Promise<unknown> {
    if (stopped) return undefined;
    try {
      await open();
      log.info('socket opened');
      return undefined;
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal === undefined) return error;
      stopped = true;
      options.onRefused(refusal);
      return undefined;
    }
  }

  function tellOf({ error, waitMs }: Wait): void {
    log.warn('socket could not be opened', { error, nextTryInMs: waitMs });
  }

  return {
    init(made) {
      app = made;
    },
    async start() {
      await gettingIn(open, {
        token: 'SLACK_APP_TOKEN',
        firstRetryMs: options.firstRetryMs,
        signal: stopping.signal,
        onWait(wait) {
          tellOf(wait);
          options.onWait?.(wait);
        },
      });
      log.info('socket opened');
    },
    async stop() {
      stopped = true;
      stopping.abort();
      clearTimeout(recount);
      for (const timer of retired.values()) clearTimeout(timer);
      const open = [...retired.keys(), ...(current === undefined ? [] : [current])];
      await Promise.all(open.map((socket) => socket.close()));
    },
    hasRival: () => copies.others(),
  };
}
