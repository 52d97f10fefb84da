import type { AgentId } from '../../domain/agent.ts';
import type { OperationEvent } from '../../domain/operation-event.ts';
import type { LastStop, LoggedOperation, OperationQuery } from '../../domain/operation-record.ts';
import { wholeTeam } from '../../domain/selection.ts';
import type { Journal } from '../../journal/journal.ts';

/** What the journal tells of operations; all throw `JournalError`. */
export interface LoggedOperations {
  /** Oldest first. */
  unfinished(): readonly LoggedOperation[];
  /** Over, and not everything was said. Oldest first. */
  untold(): readonly LoggedOperation[];
  find(id: string): LoggedOperation | undefined;
  /** What came of a delivery. */
  cameOf(delivery: string): string | undefined;
  /** Newest first. */
  recent(query: OperationQuery): readonly LoggedOperation[];
  /** The last times it was stopped through Muster, newest first. */
  lastStops(agent: AgentId, most: number): readonly LastStop[];
}

export function createLoggedOperations({ run }: Journal): LoggedOperations {
  function logged(row: Row): LoggedOperation {
    const events = run((database) =>
      database
        .prepare('select agent, kind, at, data from events where operation = ? order by number')
        .all(row.id),
    ) as unknown as StoredEvent[];
    const request = JSON.parse(row.request);
    return {
      operation: {
        id: row.id,
        request: { ...request, ...(request.askedAt && { askedAt: new Date(request.askedAt) }) },
        plan: JSON.parse(row.plan),
        startedAt: new Date(row.started_at),
      },
      events: events.map(eventFrom),
      owner: { pid: row.pid, startTime: row.start_time, bootId: row.boot_id },
      ...(row.went_at !== null && { wentAt: new Date(row.went_at) }),
      ...(row.channel !== null && { channel: row.channel }),
      ...(row.channel !== null &&
        row.message_ts !== null && { shownAt: { channel: row.channel, ts: row.message_ts } }),
      ...(row.finished_at !== null && {
        verdict: {
          at: new Date(row.finished_at),
          ...(row.error !== null && { error: row.error }),
          ...(row.cancelled !== null && { cancelled: row.cancelled }),
        },
      }),
    };
  }

  function select(rest: string, ...values: (string | number)[]): LoggedOperation[] {
    const rows = run((database) =>
      database.prepare(`select * from operations ${rest}`).all(...values),
    ) as unknown as Row[];
    return rows.map(logged);
  }

  return {
    unfinished: () => select('where told_at is null and finished_at is null order by started_at'),
    untold: () => select('where told_at is null and finished_at is not null order by started_at'),
    find: (id) => select('where id = ?', id)[0],
    cameOf(delivery) {
      const row = run((database) =>
        database.prepare('select id from operations where delivery = ?').get(delivery),
      );
      return row === undefined ? undefined : String(row.id);
    },
    recent({ project, since, most }) {
      const from = since?.getTime() ?? 0;
      if (project === undefined)
        return select('where started_at >= ? order by started_at desc limit ?', from, most);
      return select(
        'where project in (?, ?) and started_at >= ? order by started_at desc limit ?',
        project,
        wholeTeam,
        from,
        most,
      );
    },
    lastStops(agent, most) {
      const rows = run((database) =>
        database
          .prepare(
            `select agent, kind, at, data, operation from events
             where agent = ? and kind in ('drained', 'killed') order by at desc limit ?`,
          )
          .all(agent, most),
      ) as unknown as (StoredEvent & { readonly operation: string })[];
      return rows.flatMap((row) => lastStopBy(eventFrom(row), row.operation));
    },
  };
}

function lastStopBy(event: OperationEvent, operation: string): LastStop[] {
  const { at } = event;
  if (event.kind === 'drained') return [{ how: event.result.outcome, at, operation, result: event.result }];
  if (event.kind !== 'killed' || !event.result.wasRunning) return [];
  return [{ how: 'Killed', at, operation, result: event.result }];
}

interface Row {
  readonly id: string;
  readonly request: string;
  readonly plan: string;
  readonly started_at: number;
  readonly pid: number;
  readonly start_time: string;
  readonly boot_id: string;
  readonly channel: string | null;
  readonly message_ts: string | null;
  readonly went_at: number | null;
  readonly finished_at: number | null;
  readonly error: string | null;
  readonly cancelled: string | null;
}

/** An event as a row of the journal holds it. */
export interface StoredEvent {
  readonly agent: string;
  readonly kind: string;
  readonly at: number;
  /** JSON of what the kind has besides. */
  readonly data: string;
}

export function storedEvent({ id, kind, at, ...rest }: OperationEvent): StoredEvent {
  return { agent: id, kind, at: at.getTime(), data: JSON.stringify(rest) };
}

export function eventFrom({ agent, kind, at, data }: StoredEvent): OperationEvent {
  return { id: agent, kind, at: new Date(at), ...JSON.parse(data) } as OperationEvent;
}
