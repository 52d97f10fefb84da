import type { Incarnation } from '../supervisor/supervisor.ts';
import type { AgentId } from '../team/team.ts';
import type { OperationEvent } from './events.ts';
import { receiptId } from './ids.ts';
import type { Journal, JournalError } from './journal.ts';
import type { LastStop } from './last-stop.ts';
import type { Operation } from './operation.ts';
import { projectOf, wholeTeam } from './project-locks.ts';
import { eventFrom, type StoredEvent, storedEvent } from './stored-event.ts';

/** How an operation ended. */
export interface Verdict {
  readonly at: Date;
  /** What went wrong after the last step. */
  readonly error?: Error;
  /** Why nothing, or nothing more, was done. */
  readonly cancelled?: string;
}

/** A message in Slack. */
export interface Place {
  readonly channel: string;
  readonly ts: string;
}

/** An operation as the journal knows it. */
export interface LoggedOperation {
  readonly operation: Operation;
  readonly events: readonly OperationEvent[];
  /** The process that ran it, or runs it. */
  readonly owner: Incarnation;
  /** Where it was asked for. */
  readonly channel?: string;
  /** The message that follows it. */
  readonly shownAt?: Place;
  /** Absent: it is under way, or its process died. */
  readonly verdict?: Verdict;
}

/** What every operation was to do, and did. Each call is on disk when it returns, and throws `JournalError`, but for what has happened already: that is written as soon as it can be. */
export interface OperationLog {
  /** Before anything is touched. `place`: where it will be shown; with the message, if there is one already. */
  begin(operation: Operation, place?: Partial<Place>): void;
  shown(id: string, place: Place): void;
  record(operation: Operation, event: OperationEvent): void;
  /** `unrecorded`: what was done and is not on record yet. Gives why it is not written yet. */
  finish(
    operation: Pick<Operation, 'id' | 'plan'>,
    verdict: Verdict,
    unrecorded?: readonly OperationEvent[],
  ): JournalError | undefined;
  /** Everything there is to say of it was said. */
  told(id: string): void;
  /** Oldest first. */
  unfinished(): readonly LoggedOperation[];
  /** Over, and not everything was said. Oldest first. */
  untold(): readonly LoggedOperation[];
  find(id: string): LoggedOperation | undefined;
  /** What came of a delivery. */
  cameOf(delivery: string): string | undefined;
  /** From now on this process runs it. */
  takeOver(id: string): void;
  /** Newest first. */
  recent(query: OperationQuery): readonly LoggedOperation[];
  /** The last times it was stopped through Muster, newest first. */
  lastStops(agent: AgentId, most: number): readonly LastStop[];
}

export interface OperationQuery {
  /** Those of the whole team are about it, too. */
  readonly project?: string;
  readonly since?: Date;
  readonly most: number;
}

/** `owner`: this process, whose death leaves its operations to the next one. */
export function createOperationLog(journal: Journal, owner: Incarnation): OperationLog {
  const { run, together, eventually } = journal;

  function logged(row: Row): LoggedOperation {
    const events = run((database) =>
      database
        .prepare('select agent, kind, at, data from events where operation = ? order by number')
        .all(row.id),
    ) as unknown as StoredEvent[];
    return {
      operation: {
        id: row.id,
        request: JSON.parse(row.request),
        plan: JSON.parse(row.plan),
        startedAt: new Date(row.started_at),
      },
      events: events.map(eventFrom),
      owner: { pid: row.pid, startTime: row.start_time, bootId: row.boot_id },
      ...(row.channel !== null && { channel: row.channel }),
      ...(row.channel !== null &&
        row.message_ts !== null && { shownAt: { channel: row.channel, ts: row.message_ts } }),
      ...(row.finished_at !== null && {
        verdict: {
          at: new Date(row.finished_at),
          ...(row.error !== null && { error: new Error(row.error) }),
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

  function record(operation: Pick<Operation, 'id' | 'plan'>, event: OperationEvent): void {
    const { agent, kind, at, data } = storedEvent(event);
    together(() => {
      run((database) =>
        database
          .prepare(
            `insert into events (operation, number, agent, kind, at, data)
             values (?1, (select count(*) from events where operation = ?1), ?2, ?3, ?4, ?5)`,
          )
          .run(operation.id, agent, kind, at, data),
      );
      // Gone from the team; or it runs on, whatever was asked for.
      if (event.kind === 'forgotten' || event.kind === 'left') {
        run((database) => database.prepare('delete from wanted where agent = ?').run(agent));
      }
      if (event.kind !== 'drained' || event.result.outcome !== 'TimedOutKilled') return;
      run((database) =>
        database
          .prepare('insert into receipts (id, operation, agent, at) values (?, ?, ?, ?)')
          .run(receiptId(operation, event.id), operation.id, agent, at),
      );
    });
  }

  return {
    record,
    begin({ id, request, plan, startedAt }, place = {}) {
      run((database) =>
        database
          .prepare(
            `insert into operations (id, project, delivery, request, plan, started_at, pid, start_time, boot_id, channel, message_ts)
             values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
          )
          .run(
            id,
            projectOf(request.selection),
            request.delivery ?? null,
            JSON.stringify(request),
            JSON.stringify(plan),
            startedAt.getTime(),
            owner.pid,
            owner.startTime,
            owner.bootId,
            place.channel ?? null,
            place.ts ?? null,
          ),
      );
    },
    shown(id, { channel, ts }) {
      run((database) =>
        database
          .prepare('update operations set channel = ?, message_ts = ? where id = ?')
          .run(channel, ts, id),
      );
    },
    finish(operation, { at, error, cancelled }, unrecorded = []) {
      return eventually(() =>
        together(() => {
          for (const event of unrecorded) record(operation, event);
          run((database) =>
            database
              .prepare('update operations set finished_at = ?, error = ?, cancelled = ? where id = ?')
              .run(at.getTime(), error?.message ?? null, cancelled ?? null, operation.id),
          );
        }),
      );
    },
    told(id) {
      const at = Date.now();
      eventually(() =>
        run((database) => database.prepare('update operations set told_at = ? where id = ?').run(at, id)),
      );
    },
    unfinished: () => select('where told_at is null and finished_at is null order by started_at'),
    untold: () => select('where told_at is null and finished_at is not null order by started_at'),
    find: (id) => select('where id = ?', id)[0],
    cameOf(delivery) {
      const row = run((database) =>
        database.prepare('select id from operations where delivery = ?').get(delivery),
      );
      return row === undefined ? undefined : String(row.id);
    },
    takeOver(id) {
      run((database) =>
        database
          .prepare('update operations set pid = ?, start_time = ?, boot_id = ? where id = ?')
          .run(owner.pid, owner.startTime, owner.bootId, id),
      );
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
  readonly finished_at: number | null;
  readonly error: string | null;
  readonly cancelled: string | null;
}
