import type { Incarnation } from '../../domain/observation.ts';
import { type Operation, receiptId } from '../../domain/operation.ts';
import type { OperationEvent } from '../../domain/operation-event.ts';
import type { ShownIn, Verdict } from '../../domain/operation-record.ts';
import { projectOf } from '../../domain/selection.ts';
import type { Journal, JournalError } from '../../journal/journal.ts';
import { createLoggedOperations, type LoggedOperations, storedEvent } from './operation-history.ts';

/**
 * What every operation was to do, and did. Each call is on disk when it returns, and throws `JournalError`, but for what has happened
 * already: that is written as soon as it can be.
 */
export interface OperationLog extends LoggedOperations {
  /** Before anything is touched. */
  begin(operation: Operation): void;
  /** Where a front shows it, or will as soon as its message stands. */
  shown(id: string, place: ShownIn): void;
  /** From now on agents may be touched for it. */
  goes(id: string): void;
  record(operation: Operation, event: OperationEvent): void;
  /** `unrecorded`: what was done and is not on record yet. Gives why it is not written yet. */
  finish(
    operation: Pick<Operation, 'id' | 'plan'>,
    verdict: Verdict,
    unrecorded?: readonly OperationEvent[],
  ): JournalError | undefined;
  /** Everything there is to say of it was said. */
  told(id: string): void;
  /** The same for one that no front shows: who shows one tells how it ended. */
  toldUnlessShown(id: string): void;
  /** From now on this process runs it. */
  takeOver(id: string): void;
}

/** `owner`: this process, whose death leaves its operations to the next one. */
export function createOperationLog(journal: Journal, owner: Incarnation): OperationLog {
  const { run, together, eventually } = journal;

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

  function writeTold(id: string, onlyIf: string): void {
    const at = Date.now();
    const sql = `update operations set told_at = ? where id = ? ${onlyIf}`;
    eventually(() => run((database) => database.prepare(sql).run(at, id)));
  }

  return {
    ...createLoggedOperations(journal),
    record,
    begin({ id, request, plan, startedAt }) {
      run((database) =>
        database
          .prepare(
            `insert into operations (id, project, delivery, request, plan, started_at, pid, start_time, boot_id)
             values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
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
          ),
      );
    },
    shown(id, { channel, ts }) {
      run((database) =>
        database
          .prepare('update operations set channel = ?, message_ts = ? where id = ?')
          .run(channel, ts ?? null, id),
      );
    },
    goes(id) {
      const at = Date.now();
      run((database) => database.prepare('update operations set went_at = ? where id = ?').run(at, id));
    },
    finish(operation, { at, error, cancelled }, unrecorded = []) {
      return eventually(() =>
        together(() => {
          for (const event of unrecorded) record(operation, event);
          run((database) =>
            database
              .prepare('update operations set finished_at = ?, error = ?, cancelled = ? where id = ?')
              .run(at.getTime(), error ?? null, cancelled ?? null, operation.id),
          );
        }),
      );
    },
    told: (id) => writeTold(id, ''),
    toldUnlessShown: (id) => writeTold(id, 'and channel is null'),
    takeOver(id) {
      run((database) =>
        database
          .prepare('update operations set pid = ?, start_time = ?, boot_id = ? where id = ?')
          .run(owner.pid, owner.startTime, owner.bootId, id),
      );
    },
  };
}
