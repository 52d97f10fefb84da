import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { createAudit } from '../../../src/operations/audit.ts';
import { createSeen } from '../../../src/operations/deliveries.ts';
import { type Journal, JournalError, openJournal } from '../../../src/operations/journal.ts';
import { createWanted } from '../../../src/operations/wanted.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'muster-journal-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
});

function open(): Journal {
  const journal = openJournal(directory);
  onTestFinished(() => journal.close());
  return journal;
}

describe('the journal', () => {
  test('keeps what was written when it is opened again', () => {
    const first = openJournal(directory);
    createWanted(first).down(['shop:pay'], 'U1');
    first.close();

    expect([...createWanted(open()).whichDown().keys()]).toEqual(['shop:pay']);
  });

  test('refuses a file of a newer Muster and says what to do', () => {
    openJournal(directory).close();
    const database = new DatabaseSync(join(directory, 'journal.db'));
    database.exec('pragma user_version = 99');
    database.close();

    expect(() => openJournal(directory)).toThrow(
      /written by a newer Muster \(version 99; .* move the file away/,
    );
  });

  test('refuses a file that is no database and says what to do', () => {
    writeFileSync(join(directory, 'journal.db'), 'not a database at all'.repeat(100));

    expect(() => openJournal(directory)).toThrow(JournalError);
    expect(() => openJournal(directory)).toThrow(/file is not a database.* Move the file away/);
  });

  test('refuses a directory that cannot be made and says what to look at', () => {
    writeFileSync(join(directory, 'file'), '');

    expect(() => openJournal(join(directory, 'file', 'state'))).toThrow(/ENOTDIR.* See to the disk/);
  });

  test('writes all of what belongs together or nothing', () => {
    const journal = open();
    const wanted = createWanted(journal);

    expect(() =>
      journal.together(() => {
        journal.run((database) => database.exec("insert into deliveries values ('first', 1)"));
        throw new Error('power cut');
      }),
    ).toThrow('power cut');

    expect(createSeen(journal)('first')).toBe(false);
    expect(wanted.whichDown().size).toBe(0);
  });
});

describe('deliveries', () => {
  test('the same delivery is new once, also after a restart', () => {
    const first = openJournal(directory);
    expect(createSeen(first)('command 1')).toBe(false);
    expect(createSeen(first)('command 1')).toBe(true);
    first.close();

    expect(createSeen(open())('command 1')).toBe(true);
  });

  test('a delivery is forgotten after a day', () => {
    let now = 0;
    const seen = createSeen(open(), () => now);
    seen('command 1');

    now = 24 * 60 * 60_000 + 1;

    expect(seen('command 1')).toBe(false);
  });
});

describe('wanted', () => {
  test('an agent without a record is not wanted down', () => {
    expect(createWanted(open()).whichDown().size).toBe(0);
  });

  test('the last word counts, with who said it and when', () => {
    const wanted = createWanted(open(), () => 5000);
    wanted.down(['shop:pay', 'shop:cart'], 'U1');
    wanted.up(['shop:cart'], 'U2');

    expect([...wanted.whichDown()]).toEqual([['shop:pay', { by: 'U1', at: new Date(5000) }]]);
  });
});

describe('the audit', () => {
  test('an attempt is written at once and its outcome when it is known', () => {
    const journal = open();
    const audit = createAudit(journal, () => 7000);
    const entry = { person: 'U1', team: 'T1', channel: 'C1', text: '/team down shop', decision: 'allowed' };

    const attempt = audit.attempt(entry);
    const before = journal.run((database) => database.prepare('select outcome from audit').get());
    audit.outcome(attempt, 'done');
    const after = journal.run((database) => database.prepare('select * from audit').get());

    expect(before).toEqual({ outcome: null });
    expect(after).toMatchObject({ at: 7000, person: 'U1', text: '/team down shop', outcome: 'done' });
  });
});
