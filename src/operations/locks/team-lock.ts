import type { DatabaseSync } from 'node:sqlite';
import type { Incarnation } from '../../domain/observation.ts';
import { type BusyWith, RefusedError } from '../../domain/refusal.ts';
import { meets, projectOf, type Selection } from '../../domain/selection.ts';
import { type ProjectLocks, projectName } from './project-locks.ts';
import { inTurn } from './write-lock.ts';

export interface TeamLockOptions {
  readonly root: string;
  /** Keeps apart the operations of this process; asked first. */
  readonly here: ProjectLocks;
  /** This process. */
  readonly self: Incarnation;
  /** Whether a Muster process, as it was written down, still runs; nothing outlives its boot. */
  readonly lives: (holder: Incarnation) => Promise<boolean>;
}

/** What is held, by which process; with the start time and the boot it cannot be taken for another one's. */
interface Held {
  readonly project: string;
  readonly pid: number;
  readonly startTime: string;
  readonly bootId: string;
  readonly id: string;
  readonly text: string;
  readonly askedBy: string;
  readonly since: string;
}

const table = `CREATE TABLE IF NOT EXISTS held (
  project TEXT PRIMARY KEY, pid INTEGER NOT NULL, startTime TEXT NOT NULL, bootId TEXT NOT NULL,
  id TEXT NOT NULL, text TEXT NOT NULL, askedBy TEXT NOT NULL, since TEXT NOT NULL
) STRICT`;

/** One operation per project at a time, among all Muster processes of the host. What a dead process held is free. */
export function createTeamLock({ root, here, self, lives }: TeamLockOptions): ProjectLocks {
  /** Takes it, or says who has it. */
  function tryToTake(row: Held, dead: readonly Held[]): Promise<Held | undefined> {
    return inTurn(root, (database) => {
      database.exec(table);
      for (const held of dead) remove(database, held);
      const rows = database.prepare('SELECT * FROM held').all() as unknown as Held[];
      const other = rows.find((held) => !isSameProcess(held, self) && meets(held.project, row.project));
      if (other === undefined) insert(database, row);
      return other;
    });
  }

  return {
    async take(selection, holder) {
      const releaseHere = await here.take(selection, holder);
      try {
        const row = rowOf(selection, holder, self);
        const dead: Held[] = [];
        for (;;) {
          const other = await tryToTake(row, dead);
          if (other === undefined) break;
          if (await lives(other)) throw new RefusedError({ kind: 'busy', operation: busyWith(other) });
          dead.push(other);
        }
        return async () => {
          // What stays is known for ours, and is over with this process at the latest.
          await inTurn(root, (database) => remove(database, row)).catch(() => undefined);
          await releaseHere();
        };
      } catch (error) {
        await releaseHere();
        throw error;
      }
    },
  };
}

function rowOf(selection: Selection, holder: Omit<BusyWith, 'project'>, self: Incarnation): Held {
  const { id, text, askedBy, since } = holder;
  return { project: projectOf(selection), ...self, id, text, askedBy, since: since.toISOString() };
}

/** A row of our own that is still there was left by a release that failed: what this process holds is known here. */
function insert(database: DatabaseSync, row: Held): void {
  const { project, pid, startTime, bootId, id, text, askedBy, since } = row;
  database
    .prepare('INSERT OR REPLACE INTO held VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
    .run(project, pid, startTime, bootId, id, text, askedBy, since);
}

/** Unless it is somebody else's by now. */
function remove(database: DatabaseSync, { project, pid, startTime, bootId }: Held): void {
  database
    .prepare('DELETE FROM held WHERE project = ? AND pid = ? AND startTime = ? AND bootId = ?')
    .run(project, pid, startTime, bootId);
}

function isSameProcess(held: Held, self: Incarnation): boolean {
  return held.pid === self.pid && held.startTime === self.startTime && held.bootId === self.bootId;
}

function busyWith({ project, id, text, askedBy, since, pid }: Held): BusyWith {
  return { project: projectName(project), id, text, askedBy, since: new Date(since), pid };
}
