import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { refuseOtherKinds } from '../../team/bounded-read.ts';
import { directoryInside } from '../../team/write-file.ts';

/** Longer than any turn lasts on the slowest of disks, in milliseconds. */
const patienceMs = 30_000;

const pollMs = 5;

/** SQLite's SQLITE_BUSY; what it adds above the lowest byte is of no interest. */
const busy = 5;

const lastTurns = new Map<string, Promise<unknown>>();

/**
 * Does this while no other Muster process of the host does the same for this team, in the order in which it was asked.
 * The database is what SQLite locks, and what `work` may keep something in; the turn of a process that dies is over.
 */
export function inTurn<T>(root: string, work: (database: DatabaseSync) => T | Promise<T>): Promise<T> {
  const turn = (lastTurns.get(root) ?? Promise.resolve()).then(() => locked(root, work));
  lastTurns.set(
    root,
    turn.catch(() => undefined),
  );
  return turn;
}

async function locked<T>(root: string, work: (database: DatabaseSync) => T | Promise<T>): Promise<T> {
  const path = join(await directoryInside(root, 'state/muster'), 'lock.db');
  // SQLite would follow a link to another database, and wait for ever at a pipe.
  for (const beside of ['', '-journal', '-wal', '-shm']) refuseOtherKinds(path + beside);
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    await patiently(() => database.exec('BEGIN IMMEDIATE'), path);
    const result = await work(database);
    // Somebody who only looks whether it is their turn is in the way for a moment.
    await patiently(() => database.exec('COMMIT'), path);
    return result;
  } finally {
    // What was begun and not committed is undone.
    database.close();
  }
}

async function patiently(step: () => void, path: string): Promise<void> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    try {
      return step();
    } catch (error) {
      if (((error as { errcode?: number }).errcode ?? 0) % 256 !== busy) throw error;
      if (Date.now() > deadline) {
        const what = `${path} has been locked for ${patienceMs / 1000} s`;
        throw new Error(`${what}: another Muster on this host hangs while it writes to the team`, {
          cause: error,
        });
      }
      await delay(pollMs);
    }
  }
}
