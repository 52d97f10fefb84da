import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { migrations } from './schema.ts';

/** The journal cannot be read or written; the message names the file, what was found and how to mend it. */
export class JournalError extends Error {
  override readonly name = 'JournalError';
}

/** What Muster must not forget, in one SQLite file. Each store (`Audit`, `Wanted`, ...) has its own tables in it. */
export interface Journal {
  /** Every statement of every store goes through here. Throws `JournalError`. */
  run<Result>(statement: (database: DatabaseSync) => Result): Result;
  /** All of `work` is on disk when this returns, or nothing. Within another one it is part of that. */
  together<Result>(work: () => Result): Result;
  /** For what has happened already: where it cannot be written now, `catchUp` writes it, or what happens next before itself. Gives why it is not written yet. */
  eventually(write: () => void): JournalError | undefined;
  /** Writes what could not be written when it happened. Throws `JournalError` if it still cannot. */
  catchUp(): void;
  close(): void;
}

/** How long another process of ours may hold the file, in milliseconds; none writes for longer than a moment. */
const patienceMs = 5000;

/** Opens the journal of a state directory, makes it if there is none, and brings an older one up to date. Throws `JournalError`. */
export function openJournal(directory: string): Journal {
  const path = join(directory, 'journal.db');
  return journalIn(open(directory, path), path);
}

/** For who only looks where there is none yet: nothing is in it, and nothing of it is kept. */
export function emptyJournal(): Journal {
  const path = ':memory:';
  const database = new DatabaseSync(path);
  migrate(database, path);
  return journalIn(database, path);
}

function journalIn(database: DatabaseSync, path: string): Journal {
  let owed: (() => void)[] = [];

  /** In their order. Gives why something of it is not written yet. */
  function writeOwed(): JournalError | undefined {
    let trouble: JournalError | undefined;
    owed = owed.filter((write) => {
      const own = attempt(write);
      trouble ??= own;
      return own !== undefined;
    });
    return trouble;
  }

  function run<Result>(statement: (database: DatabaseSync) => Result): Result {
    try {
      return statement(database);
    } catch (error) {
      throw journalError(path, error);
    }
  }

  return {
    run,
    together(work) {
      if (database.isTransaction) return work();
      run(() => database.exec('begin immediate'));
      try {
        const result = work();
        run(() => database.exec('commit'));
        return result;
      } catch (error) {
        if (database.isTransaction) run(() => database.exec('rollback'));
        throw error;
      }
    },
    eventually(write) {
      writeOwed();
      const trouble = attempt(write);
      if (trouble !== undefined) owed.push(write);
      return trouble;
    },
    catchUp() {
      const trouble = writeOwed();
      if (trouble !== undefined) throw trouble;
    },
    close: () => database.close(),
  };
}

/** Stands for a journal that could not be opened: whatever would need it says why. */
export function missingJournal(reason: JournalError): Journal {
  const refuse = () => {
    throw reason;
  };
  return {
    run: refuse,
    together: refuse,
    eventually: () => reason,
    catchUp: () => undefined,
    close: () => undefined,
  };
}

function attempt(write: () => void): JournalError | undefined {
  try {
    write();
    return undefined;
  } catch (error) {
    if (error instanceof JournalError) return error;
    throw error;
  }
}

function open(directory: string, path: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    // What agents printed is in it: the files that SQLite puts beside it get its mode.
    closeSync(openSync(path, 'a', 0o600));
    database = new DatabaseSync(path, { timeout: patienceMs });
    database.exec('pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on');
    migrate(database, path);
    return database;
  } catch (error) {
    database?.close();
    throw journalError(path, error);
  }
}

function migrate(database: DatabaseSync, path: string): void {
  if (versionOf(database, path) === migrations.length) return;
  // Another process may be about the same: the version counts that is read once nobody else can write.
  database.exec('begin immediate');
  for (const statements of migrations.slice(versionOf(database, path))) database.exec(statements);
  database.exec(`pragma user_version = ${migrations.length}; commit`);
}

function versionOf(database: DatabaseSync, path: string): number {
  const version = Number(database.prepare('pragma user_version').get()?.user_version);
  if (version <= migrations.length) return version;
  throw new JournalError(
    `${path} was written by a newer Muster (version ${version}; this one knows ${migrations.length}). Run that one, or move the file away to begin a new journal.`,
  );
}

function journalError(path: string, error: unknown): JournalError {
  if (error instanceof JournalError) return error;
  const words = error instanceof Error ? error.message : String(error);
  const mend = /malformed|not a database|corrupt/.test(words)
    ? 'Move the file away to begin a new journal; what it held is then unknown.'
    : 'See to the disk and to the rights of its directory.';
  return new JournalError(`The journal ${path} cannot be used: ${words}. ${mend}`, { cause: error });
}
