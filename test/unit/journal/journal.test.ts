import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import type { AgentId } from '../../../src/domain/agent.ts';
import { JournalError, missingJournal, openJournal } from '../../../src/journal/journal.ts';
import { migrations } from '../../../src/journal/schema.ts';
import { createAudit } from '../../../src/operations/records/audit.ts';
import { createWanted } from '../../../src/operations/records/desired-state.ts';
import { createDeliveries, type Delivery } from '../../../src/slack/records/deliveries.ts';
import { createPosts } from '../../../src/slack/records/posts.ts';
import { diskOf, newJournal, stateDirectory } from './journal-under-test.ts';

describe('the journal', () => {
  test('keeps what was written when it is opened again', () => {
    const directory = stateDirectory();
    const first = openJournal(directory);
    createWanted(first).set(['shop:pay'], 'down', 'U1');
    first.close();

    expect([...createWanted(newJournal(directory)).whichDown().keys()]).toEqual(['shop:pay']);
  });

  test('is written by two processes at once', () => {
    const directory = stateDirectory();
    const [one, two] = [createWanted(newJournal(directory)), createWanted(newJournal(directory))];

    one.set(['shop:pay'], 'down', 'U1');
    two.set(['shop:cart'], 'down', 'U2');

    expect([...one.whichDown().keys()].sort()).toEqual(['shop:cart', 'shop:pay']);
  });

  test('of an older Muster is brought up to date, and keeps what it held', () => {
    const directory = stateDirectory();
    const database = new DatabaseSync(join(directory, 'journal.db'));
    database.exec(`${migrations[0]}; pragma user_version = 1;
      insert into audit values (1, 7000, 'command 1', 'U1', 'T1', 'C1', '/team down shop', 'allowed', null);
      insert into operations values ('O-222222', 'shop', 'command 1', '{}', '{}', 7000, 1, '1', 'boot',
        null, null, null, null, null, null);`);
    database.close();

    const audit = createAudit(newJournal(directory));

    expect(audit.since(new Date(0))).toMatchObject([{ text: '/team down shop', operation: 'O-222222' }]);
  });

  test('refuses a file of a newer Muster and says what to do', () => {
    const directory = stateDirectory();
    openJournal(directory).close();
    const database = new DatabaseSync(join(directory, 'journal.db'));
    database.exec('pragma user_version = 99');
    database.close();

    expect(() => openJournal(directory)).toThrow(
      /written by a newer Muster \(version 99; .* move the file away/,
    );
  });

  test('refuses a file that is no database and says what to do', () => {
    const directory = stateDirectory();
    writeFileSync(join(directory, 'journal.db'), 'not a database at all'.repeat(100));

    expect(() => openJournal(directory)).toThrow(JournalError);
    expect(() => openJournal(directory)).toThrow(/file is not a database.* Move the file away/);
  });

  test('refuses a directory that cannot be made and says what to look at', () => {
    const directory = stateDirectory();
    writeFileSync(join(directory, 'file'), '');

    expect(() => openJournal(join(directory, 'file', 'state'))).toThrow(/ENOTDIR.* See to the disk/);
  });

  test('is for nobody else on the host to read', () => {
    const directory = join(stateDirectory(), 'state');
    newJournal(directory);

    const modes = readdirSync(directory).map((name) => statSync(join(directory, name)).mode & 0o777);
    expect([statSync(directory).mode & 0o777, ...modes]).toEqual([0o700, 0o600, 0o600, 0o600]);
  });

  test('writes all of what belongs together or nothing', () => {
    const journal = newJournal();
    const wanted = createWanted(journal);

    expect(() =>
      journal.together(() => {
        wanted.set(['shop:pay'], 'down', 'U1');
        throw new Error('power cut');
      }),
    ).toThrow('power cut');

    expect(wanted.whichDown().size).toBe(0);
  });

  test('undoes with an outer change what was written as one within it', () => {
    const journal = newJournal();
    const wanted = createWanted(journal);

    expect(() =>
      journal.together(() => {
        journal.together(() => wanted.set(['shop:pay'], 'down', 'U1'));
        throw new Error('power cut');
      }),
    ).toThrow('power cut');

    expect(wanted.whichDown().size).toBe(0);
  });

  test('writes what has happened as soon as there is room again, in the order in which it happened', () => {
    const journal = newJournal();
    const wanted = createWanted(journal);
    const disk = diskOf(journal);
    disk.fill();

    const said = ['up', 'down'] as const;
    for (const state of said)
      expect(journal.eventually(() => wanted.set(['shop:pay'], state, 'U1'))?.message).toMatch(
        /disk is full/,
      );
    expect(() => journal.catchUp()).toThrow(JournalError);
    disk.free();
    journal.catchUp();

    expect([...wanted.whichDown().keys()]).toEqual(['shop:pay']);
    wanted.set(['shop:pay'], 'up', 'U1');
    journal.catchUp();
    expect(wanted.whichDown().size).toBe(0);
  });

  test('has what happened first on record when it has what happened next', () => {
    const journal = newJournal();
    const wanted = createWanted(journal);
    const disk = diskOf(journal);
    disk.fill();
    journal.eventually(() => wanted.set(['shop:pay'], 'down', 'U1'));
    disk.free();

    journal.eventually(() => wanted.set(['shop:cart'], 'down', 'U1'));

    expect([...wanted.whichDown().keys()].toSorted()).toEqual(['shop:cart', 'shop:pay']);
  });

  test('that is missing says why wherever it is needed', () => {
    const wanted = createWanted(missingJournal(new JournalError('the disk is full')));

    expect(() => wanted.whichDown()).toThrow('the disk is full');
    expect(() => wanted.set(['shop:pay'], 'up', 'U1')).toThrow(JournalError);
    const missing = missingJournal(new JournalError('the disk is full'));
    expect(missing.eventually(() => undefined)?.message).toBe('the disk is full');
  });
});

describe('deliveries', () => {
  const reload: Delivery = {
    delivery: 'command 1',
    person: 'U1',
    channel: 'C1',
    text: '/team reload',
    changes: true,
  };

  test('are new once, also after a restart', () => {
    const directory = stateDirectory();
    const before = createDeliveries(newJournal(directory));

    expect([before.accept(reload), before.accept(reload)]).toEqual([true, false]);
    expect(createDeliveries(newJournal(directory)).accept(reload)).toBe(false);
  });

  test('are remembered for a day', () => {
    let now = 0;
    const deliveries = createDeliveries(newJournal(), () => now);
    deliveries.accept(reload);

    now = 24 * 60 * 60_000;
    expect(deliveries.accept(reload)).toBe(false);
    now += 1;
    expect(deliveries.accept(reload)).toBe(true);
  });

  test('that Slack does not know of may come again', () => {
    const deliveries = createDeliveries(newJournal());
    deliveries.accept(reload);

    deliveries.retract(reload.delivery);

    expect(deliveries.accept(reload)).toBe(true);
  });

  test('are forgotten if they were to change something and were neither settled nor begun', () => {
    const deliveries = createDeliveries(newJournal(), () => 5000);
    deliveries.accept(reload);
    deliveries.accept({ ...reload, delivery: 'command 2' });
    deliveries.accept({ ...reload, delivery: 'command 3', changes: false });

    deliveries.settle('command 2');

    expect(deliveries.forgotten()).toEqual([{ ...reload, at: new Date(5000) }]);
  });
});

describe('wanted', () => {
  test('is noted of all agents that were asked for, or of none', () => {
    const wanted = createWanted(newJournal());
    const nobody = null as unknown as AgentId;

    expect(() => wanted.set(['shop:pay', nobody], 'down', 'U1')).toThrow(JournalError);

    expect(wanted.whichDown().size).toBe(0);
  });

  test('is nothing for an agent without a record', () => {
    const wanted = createWanted(newJournal());

    expect(wanted.whichDown().size).toBe(0);
    expect(wanted.of('shop:pay')).toBeUndefined();
  });

  test('is the last word, with who said it and when', () => {
    const wanted = createWanted(newJournal(), () => 5000);
    wanted.set(['shop:pay', 'shop:cart'], 'down', 'U1');
    wanted.set(['shop:cart'], 'up', 'U2');

    expect([...wanted.whichDown()]).toEqual([['shop:pay', { by: 'U1', at: new Date(5000) }]]);
    expect(wanted.of('shop:cart')).toEqual({ state: 'up', by: 'U2', at: new Date(5000) });
  });

  test('is forgotten with the agent', () => {
    const wanted = createWanted(newJournal());
    wanted.set(['shop:pay'], 'down', 'U1');

    wanted.forget(['shop:pay']);

    expect(wanted.whichDown().size).toBe(0);
  });
});

describe('the audit', () => {
  const attempt = {
    delivery: 'command 1',
    person: 'U1',
    team: 'T1',
    channel: 'C1',
    text: '/team down shop',
    decision: 'allowed',
  } as const;

  test('has an attempt at once, and its outcome when it is known', () => {
    const audit = createAudit(newJournal(), () => 7000);

    const number = audit.attempt(attempt);
    const before = audit.since(new Date(0));
    audit.outcome(number, { outcome: 'done' });

    expect(before).toEqual([{ ...attempt, at: new Date(7000) }]);
    expect(audit.since(new Date(0))).toEqual([{ ...attempt, at: new Date(7000), outcome: 'done' }]);
  });

  test('has what was refused, with the reason', () => {
    const audit = createAudit(newJournal());
    audit.attempt({ ...attempt, decision: 'refused', reason: 'not-an-operator' });

    expect(audit.since(new Date(0))).toMatchObject([{ decision: 'refused', reason: 'not-an-operator' }]);
  });

  test('leaves out what is older than asked for', () => {
    let now = 1000;
    const audit = createAudit(newJournal(), () => now);
    audit.attempt(attempt);
    now = 2000;
    audit.attempt(attempt);

    expect(audit.since(new Date(1500))).toHaveLength(1);
  });

  test.each([
    'update audit set person = 1',
    'delete from audit',
    'update audit_outcomes set outcome = 1',
    'delete from audit_outcomes',
    'update audit_operations set operation = 1',
    'delete from audit_operations',
  ])('takes no %s', (sql) => {
    const journal = newJournal();
    const audit = createAudit(journal);
    audit.outcome(audit.attempt(attempt), { outcome: 'done' });
    journal.run((database) => database.exec("insert into audit_operations values ('command 1', 'O-222222')"));

    expect(() => journal.run((database) => database.exec(sql))).toThrow('the audit is only appended to');
  });
});

describe('posts', () => {
  test('tell what an earlier process began, and where it stands', () => {
    const directory = stateDirectory();
    const before = createPosts(newJournal(directory));
    before.begin('O-222222', 'C1');
    before.begin('R-222222-1', 'C1');
    before.done('O-222222', 'C1', '1.2');

    const after = createPosts(newJournal(directory));

    expect(after.begin('O-222222', 'C1')).toEqual({ ts: '1.2' });
    expect(after.begin('R-222222-1', 'C1')).toEqual({});
    expect(after.begin('R-222222-1', 'C2')).toBeUndefined();
  });
});
