import type { OperationEvent } from './events.ts';

/** An event as a row of the journal holds it. */
export interface StoredEvent {
  readonly agent: string;
  readonly kind: string;
  readonly at: number;
  /** JSON of what the kind has besides. */
  readonly data: string;
}

export function storedEvent({ id, kind, at, ...rest }: OperationEvent): StoredEvent {
  const data = 'error' in rest ? { error: rest.error.message } : rest;
  return { agent: id, kind, at: at.getTime(), data: JSON.stringify(data) };
}

export function eventFrom({ agent, kind, at, data }: StoredEvent): OperationEvent {
  const rest = JSON.parse(data) as { readonly error?: string };
  const error = rest.error === undefined ? {} : { error: new Error(rest.error) };
  return { id: agent, kind, at: new Date(at), ...rest, ...error } as OperationEvent;
}
