import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Faults } from '../faults.ts';
import {
  type AckEvent,
  createAcknowledgements,
  type Delivery,
  type EnvelopeType,
} from './acknowledgements.ts';
import { createTickets } from './tickets.ts';

type DisconnectReason = 'warning' | 'refresh_requested' | 'link_disabled' | 'too_many_websockets';

export interface AppSocket {
  readonly id: string;
  /** Sends the disconnect frame and leaves the rest to the app, as Slack does. */
  disconnect(reason: DisconnectReason): void;
  /** Cuts the connection without a word. */
  drop(): void;
}

export interface SocketMode {
  /** The URL for one WebSocket, good once. An app may add `&debug_reconnects=true` to it. */
  ticketUrl(origin: string): string;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Sends to exactly one open connection, in turn, and waits for the ack. */
  deliver(type: EnvelopeType, payload: Record<string, unknown>): Promise<Delivery>;
  readonly sockets: readonly AppSocket[];
  close(): void;
}

interface SocketModeOptions {
  readonly appId: string;
  readonly faults: Faults;
  /** Slack gives an app 3000 ms. */
  readonly ackTimeoutMs: number;
  readonly onAck: (ack: AckEvent) => void;
  readonly onSockets: (count: number) => void;
}

/** Slack allows an app ten connections. */
const maxSockets = 10;

/** How long Slack keeps a connection opened with `debug_reconnects=true`, and how long before its end it warns. */
const debugLife = { totalMs: 360_000, warningMs: 10_000 };

export function createSocketMode({
  appId,
  faults,
  ackTimeoutMs,
  onAck,
  onSockets,
}: SocketModeOptions): SocketMode {
  const server = new WebSocketServer({ noServer: true, maxPayload: 1_000_000 });
  const tickets = createTickets<'app'>(30_000);
  const acknowledgements = createAcknowledgements(ackTimeoutMs, onAck);
  const open = new Map<WebSocket, AppSocket>();
  /** Their end was announced: they get envelopes only while there is no other. */
  const ending = new WeakSet<WebSocket>();
  let turn = 0;

  function accept(connection: WebSocket, debugReconnects: boolean): void {
    const socket: AppSocket = {
      id: randomUUID(),
      disconnect(reason) {
        ending.add(connection);
        connection.send(frame({ type: 'disconnect', reason, debug_info: { host: 'sandbox' } }));
      },
      drop: () => connection.terminate(),
    };
    const timers = debugReconnects ? endInDueTime(socket, connection) : [];
    open.set(connection, socket);
    onSockets(live().length);
    connection.on('message', (data) => {
      if (!acknowledgements.receive(String(data))) connection.close(1003, 'not an acknowledgement');
    });
    // A broken connection also closes, which is where it is dealt with.
    connection.on('error', () => connection.terminate());
    connection.on('close', () => {
      for (const timer of timers) clearTimeout(timer);
      open.delete(connection);
      onSockets(live().length);
    });
    connection.send(frame(hello(appId, live().length)));
    if (live().length > maxSockets) {
      socket.disconnect('too_many_websockets');
      connection.close();
    }
  }

  /** One that is being closed counts no more, however long that takes. */
  function live(): WebSocket[] {
    return [...open.keys()].filter(({ readyState, OPEN }) => readyState === OPEN);
  }

  function send(envelope: string): WebSocket | undefined {
    const staying = live().filter((connection) => !ending.has(connection));
    const usable = staying.length > 0 ? staying : live();
    turn += 1;
    const chosen = usable[turn % usable.length];
    chosen?.send(envelope);
    return chosen;
  }

  return {
    ticketUrl: (origin) =>
      `${origin.replace(/^http/, 'ws')}/link/?ticket=${tickets.issue('app')}&app_id=${appId}`,
    upgrade(request, socket, head) {
      const { searchParams } = new URL(request.url ?? '/', 'http://sandbox');
      if (tickets.use(searchParams.get('ticket') ?? '').result !== 'ok') {
        socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n');
        return;
      }
      if (faults.onConnection('lingering-close')) leaveOpenAfterClose(socket);
      server.handleUpgrade(request, socket, head, (connection) =>
        accept(connection, searchParams.get('debug_reconnects') === 'true'),
      );
    },
    async deliver(type, payload) {
      const late = faults.onConnection('late-envelope');
      if (late?.kind === 'late-envelope') await delay(late.delayMs);
      const envelopeId = randomUUID();
      const acceptsPayload = type !== 'events_api';
      const envelope = frame({
        envelope_id: envelopeId,
        type,
        payload,
        accepts_response_payload: acceptsPayload,
      });
      const chosen = send(envelope);
      if (!chosen) return { kind: 'failed', error: 'dispatch_failed' };
      const delivery = acknowledgements.expect(envelopeId, type);
      if (faults.onConnection('duplicate-envelope')) send(envelope);
      if (faults.onConnection('cut-after-envelope')) setImmediate(() => chosen.terminate());
      return delivery;
    },
    get sockets() {
      return live().flatMap((connection) => open.get(connection) ?? []);
    },
    close() {
      for (const connection of open.keys()) connection.terminate();
      acknowledgements.giveUp();
      server.close();
    },
  };
}

function frame(content: Record<string, unknown>): string {
  return JSON.stringify(content);
}

function hello(appId: string, connections: number): Record<string, unknown> {
  return {
    type: 'hello',
    num_connections: connections,
    debug_info: { host: 'sandbox', build_number: 1, approximate_connection_time: 18_060 },
    connection_info: { app_id: appId },
  };
}

/** The WebSocket closes in due form, and its TCP connection stays, as Slack's do. */
function leaveOpenAfterClose(socket: Duplex): void {
  socket.end = () => socket;
}

function endInDueTime(socket: AppSocket, connection: WebSocket): NodeJS.Timeout[] {
  const { totalMs, warningMs } = debugLife;
  return [
    setTimeout(() => socket.disconnect('warning'), totalMs - warningMs).unref(),
    setTimeout(() => {
      socket.disconnect('refresh_requested');
      connection.close();
    }, totalMs).unref(),
  ];
}
