import { statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** The journal of a Muster that may be writing to it. */
export interface JournalOnDisk {
  rows<Row>(sql: string, ...values: string[]): readonly Row[];
  /** Nothing is under way and everything is told. */
  isQuiet(): boolean;
}

export function journalOnDisk(root: string): JournalOnDisk {
  const path = join(root, 'state/muster/journal.db');

  let opened: { readonly database: DatabaseSync; readonly ino: number } | undefined;

  const rows = <Row>(sql: string, ...values: string[]) =>
    open()
      .prepare(sql)
      .all(...values) as Row[];

  /** Once for a file: who waits looks many times a second, and to open it costs most of a look. */
  function open(): DatabaseSync {
    const { ino } = statSync(path);
    if (opened?.ino === ino) return opened.database;
    opened?.database.close();
    const database = new DatabaseSync(path, { readOnly: true, timeout: 5000 });
    opened = { database, ino };
    return database;
  }

  return {
    rows,
    isQuiet: () =>
      rows(
        `select id from operations where told_at is null
         union all select delivery from deliveries where changes = 1 and settled_at is null
         and not exists (select 1 from operations where operations.delivery = deliveries.delivery)`,
      ).length === 0,
  };
}
