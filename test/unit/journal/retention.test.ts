import { beforeEach, expect, test, vi } from 'vitest';
import type { Operation } from '../../../src/domain/operation.ts';
import { JournalError, missingJournal } from '../../../src/journal/journal.ts';
import { pruneDaily, type RetentionOptions } from '../../../src/journal/retention.ts';
import { createQuestions } from '../../../src/slack/records/open-confirmations.ts';
import { asked, shop } from '../operations/team-under-test.ts';
import { newRecords } from './journal-under-test.ts';

const dayMs = 24 * 60 * 60_000;
const today = Date.UTC(2026, 5, 1);
const long = new Date(today - 91 * dayMs);
const lately = new Date(today - 89 * dayMs);

let records: ReturnType<typeof newRecords>;
beforeEach(() => {
  records = newRecords();
});

/** An operation with a forced kill, that was over when it began. */
function over(id: string, at: Date): Operation {
  const operation: Operation = {
    id,
    request: asked({ selection: shop, delivery: `delivery of ${id}` }),
    plan: { steps: [] },
    startedAt: at,
  };
  const result = {
    outcome: 'TimedOutKilled',
    budgetMs: 1,
    tookMs: 1,
    signals: [],
    survivors: [],
    strays: [],
    lastLines: [],
  } as const;
  records.operations.begin(operation);
  records.operations.shown(operation.id, { channel: 'C1', ts: '1.1' });
  records.operations.record(operation, { kind: 'drained', id: 'shop:pay', at, result });
  records.operations.finish(operation, { at });
  return operation;
}

function prune(options: Partial<RetentionOptions> = {}) {
  const onPruned = vi.fn();
  const onFailed = vi.fn();
  clearInterval(
    pruneDaily({ journal: records.journal, keepDays: 90, onPruned, onFailed, now: () => today, ...options }),
  );
  return { onPruned, onFailed };
}

function rows(table: string): number {
  return Number(
    records.journal.run((database) => database.prepare(`select count(*) as n from ${table}`).get()?.n),
  );
}

test('operations that were over and told longer ago go, with their events and receipts', () => {
  for (const [id, at] of [
    ['O-long', long],
    ['O-lately', lately],
  ] as const) {
    over(id, at);
    records.operations.told(id);
  }

  const { onPruned } = prune();

  expect(onPruned).toHaveBeenCalledExactlyOnceWith(1);
  expect(records.operations.find('O-long')).toBeUndefined();
  expect(records.operations.find('O-lately')).toBeDefined();
  expect([rows('operations'), rows('events'), rows('receipts')]).toEqual([1, 1, 1]);
});

test('what was not told and what is not over stays, however old it is', () => {
  over('O-untold', long);
  records.operations.begin({ ...over('O-other', long), id: 'O-open' });

  const { onPruned } = prune();

  expect(onPruned).not.toHaveBeenCalled();
  expect(records.operations.untold().map(({ operation }) => operation.id)).toEqual(['O-untold', 'O-other']);
  expect(records.operations.unfinished().map(({ operation }) => operation.id)).toEqual(['O-open']);
});

test('posts, questions and deliveries go with them; the audit stays for ever', () => {
  vi.useFakeTimers({ now: long, toFake: ['Date'] });
  const { deliveries, audit, journal } = records;
  const { request, plan } = over('O-long', long);
  const said = { delivery: 'd', person: 'U1', channel: 'C1', text: '/team reload' };
  deliveries.accept({ ...said, changes: true });
  deliveries.settle('d');
  deliveries.accept({ ...said, delivery: 'open', changes: true });
  const delivery = 'delivery of O-long';
  audit.outcome(audit.attempt({ ...said, delivery, team: 'T1', decision: 'allowed' }), { outcome: 'done' });
  records.operations.told('O-long');
  const shown = { agents: new Map(), digest: '' };
  createQuestions({ journal }).ask({ request, plan, reason: 'hard-down', shown });
  journal.run((database) =>
    database.prepare("insert into posts values ('R-1', 'C1', ?, '1.1')").run(long.getTime()),
  );
  vi.useRealTimers();

  prune();

  expect([rows('posts'), rows('questions'), rows('operations')]).toEqual([0, 0, 0]);
  expect(audit.since(new Date(0))).toMatchObject([{ delivery, outcome: 'done', operation: 'O-long' }]);
  expect(deliveries.forgotten().map(({ delivery }) => delivery)).toEqual(['open']);
});

test('without a journal nothing is pruned, and somebody hears of it', () => {
  const reason = new JournalError('the disk is full');

  const { onFailed } = prune({ journal: missingJournal(reason) });

  expect(onFailed).toHaveBeenCalledExactlyOnceWith(reason);
});
