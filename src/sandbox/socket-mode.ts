import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import type { Faults } from './faults.ts';
import { createTickets } from './tickets.ts';

export type EnvelopeType = 'slash_commands' | 'interactive' | 'events_api';
export type DisconnectReason = 'warning' | 'refresh_requested' | 'link_disabled' | 'too_many_websockets';

export type Delivery =
  | { readonly kind: 'acked'; readonly payload: Record<string, unknown>; readonly afterMs: number }
  /** Slack's own words for what the person reads. */
  | { readonly kind: 'failed'; readonly error: 'operation_timeout' | 'dispatch_failed' };

/** Every ack that arrives, also the late and the repeated ones, which have no effect. */
export interface AckEvent {
  readonly envelopeId: string;
  readonly type: EnvelopeType;
  readonly afterMs: number;
  readonly verdict: 'in time' | 'late' | 'repeated';
}

export interface AppSocket {
  readonly id: string;
  /** Sends the disconnect frame and leaves the rest to the app, as Slack does. */
  disconnect(reason: DisconnectReason): void;
  /** Cuts the connection without a word. */
  drop(): void;
}

export interface SocketMode {
  /** The URL for one WebSocket, good once. */
  ticketUrl(origin: string, options?: { debugReconnects?: boolean }): string;
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
const ackFrame = z.object({
  envelope_id: z.string(),
  payload: z.record(z.string(), z.unknown()).default({}),
});
type AckFrame = z.infer<typeof ackFrame>;

interface Pending {
  readonly type: EnvelopeType;
  readonly sentAt: number;
  settle?: (delivery: Delivery) => void;
  acked: boolean;
}

export function createSocketMode({
  appId,
  faults,
  ackTimeoutMs,
  onAck,
  onSockets,
}: SocketModeOptions): SocketMode {
  const server = new WebSocketServer({ noServer: true, maxPayload: 1_000_000 });
  const tickets = createTickets<'app'>(30_000);
  const open: { id: string; connection: WebSocket; handle: AppSocket }[] = [];
  const pending = new Map<string, Pending>();
  let turn = 0;

  function accept(connection: WebSocket, debugReconnects: boolean): void {
    const id = randomUUID();
    const handle: AppSocket = {
      id,
      disconnect: (reason) =>
        connection.send(JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'sandbox' } })),
      drop: () => connection.terminate(),
    };
    const timers = debugReconnects ? endInDueTime(handle, connection) : [];
    open.push({ id, connection, handle });
    onSockets(open.length);
    connection.on('message', (frame) => {
      const ack = parseAck(String(frame));
      if (ack) receive(ack);
      else connection.close(1003, 'not an acknowledgement');
    });
    // A broken connection also closes, which is where it is dealt with.
    connection.on('error', () => connection.terminate());
    connection.on('close', () => {
      for (const timer of timers) clearTimeout(timer);
      open.splice(
        open.findIndex((socket) => socket.id === id),
        1,
      );
      onSockets(open.length);
    });
    connection.send(JSON.stringify(hello(appId, open.length)));
    if (open.length > maxSockets) {
      handle.disconnect('too_many_websockets');
      connection.close();
    }
  }

  function receive({ envelope_id: envelopeId, payload }: AckFrame): void {
    const envelope = pending.get(envelopeId);
    if (!envelope) return;
    const afterMs = performance.now() - envelope.sentAt;
    const verdict = envelope.acked ? 'repeated' : envelope.settle ? 'in time' : 'late';
    envelope.acked = true;
    envelope.settle?.({ kind: 'acked', payload, afterMs });
    onAck({ envelopeId, type: envelope.type, afterMs, verdict });
  }

  function send(envelope: string): WebSocket | undefined {
    const usable = open.filter(({ connection }) => connection.readyState === connection.OPEN);
    turn += 1;
    const chosen = usable[turn % usable.length]?.connection;
    chosen?.send(envelope);
    return chosen;
  }

  function acked(envelopeId: string, type: EnvelopeType): Promise<Delivery> {
    return new Promise((resolve) => {
      const envelope: Pending = { type, sentAt: performance.now(), acked: false };
      const timer = setTimeout(
        () => envelope.settle?.({ kind: 'failed', error: 'operation_timeout' }),
        ackTimeoutMs,
      );
      envelope.settle = (delivery) => {
        clearTimeout(timer);
        delete envelope.settle;
        resolve(delivery);
      };
      pending.set(envelopeId, envelope);
    });
  }

  return {
    ticketUrl(origin, { debugReconnects = false } = {}) {
      const ticket = tickets.issue('app');
      return `${origin.replace(/^http/, 'ws')}/link/?ticket=${ticket}&app_id=${appId}${debugReconnects ? '&debug_reconnects=true' : ''}`;
    },
    upgrade(request, socket, head) {
      const { searchParams } = new URL(request.url ?? '/', 'http://sandbox');
      if (tickets.use(searchParams.get('ticket') ?? '').result !== 'ok') {
        socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n');
        return;
      }
      server.handleUpgrade(request, socket, head, (connection) =>
        accept(connection, searchParams.get('debug_reconnects') === 'true'),
      );
    },
    async deliver(type, payload) {
      const late = faults.onEnvelope('late-envelope');
      if (late?.kind === 'late-envelope') await delay(late.delayMs);
      const envelopeId = randomUUID();
      const envelope = JSON.stringify({
        envelope_id: envelopeId,
        type,
        payload,
        accepts_response_payload: type !== 'events_api',
      });
      const chosen = send(envelope);
      if (!chosen) return { kind: 'failed', error: 'dispatch_failed' };
      const delivery = acked(envelopeId, type);
      if (faults.onEnvelope('duplicate-envelope')) send(envelope);
      if (faults.onEnvelope('cut-after-envelope')) setImmediate(() => chosen.terminate());
      return delivery;
    },
    get sockets() {
      return open.map(({ handle }) => handle);
    },
    close() {
      for (const { connection } of open) connection.terminate();
      for (const envelope of pending.values())
        envelope.settle?.({ kind: 'failed', error: 'dispatch_failed' });
      server.close();
    },
  };
}

function parseAck(frame: string): AckFrame | undefined {
  try {
    return ackFrame.safeParse(JSON.parse(frame)).data;
  } catch {
    return undefined;
  }
}

function hello(appId: string, connections: number): Record<string, unknown> {
  return {
    type: 'hello',
    num_connections: connections,
    debug_info: { host: 'sandbox', build_number: 1, approximate_connection_time: 18_060 },
    connection_info: { app_id: appId },
  };
}

function endInDueTime(handle: AppSocket, connection: WebSocket): NodeJS.Timeout[] {
  const { totalMs, warningMs } = debugLife;
  return [
    setTimeout(() => handle.disconnect('warning'), totalMs - warningMs).unref(),
    setTimeout(() => {
      handle.disconnect('refresh_requested');
      connection.close();
    }, totalMs).unref(),
  ];
}
