import type { EventEmitter } from 'node:events';
import type { CallFault } from '../faults.ts';
import type { AckEvent } from './acknowledgements.ts';
import type { Message } from './message-store.ts';
import type { OpenView } from './view-store.ts';

/** One call of the app: a Web API method, or `response_url`. */
export interface CallRecord {
  readonly method: string;
  /** Without the token. */
  readonly args: Readonly<Record<string, unknown>>;
  readonly at: Date;
  readonly tookMs: number;
  /** HTTP status; 0 for a call that was never answered. */
  readonly status: number;
  readonly answer: ApiAnswer | string;
  readonly fault?: CallFault;
}

/** All that a terminal, a page or a test can watch. */
export type StandInEvents = EventEmitter<{
  message: [message: Message];
  ephemeral: [message: Message];
  edited: [message: Message, before: Message];
  deleted: [message: Message];
  view: [view: OpenView];
  /** The app answered an envelope. */
  ack: [ack: AckEvent];
  /** The app called. */
  call: [call: CallRecord];
  /** The app opened or lost a connection. */
  sockets: [open: number];
}>;

export type ApiAnswer = { readonly ok: boolean; readonly error?: string } & Record<string, unknown>;
