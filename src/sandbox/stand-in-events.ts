import type { EventEmitter } from 'node:events';
import type { AckEvent } from './acknowledgements.ts';
import type { CallRecord } from './api-server.ts';
import type { Message } from './message-store.ts';
import type { OpenView } from './view-store.ts';

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
