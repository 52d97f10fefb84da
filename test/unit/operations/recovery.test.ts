import { describe, expect, test } from 'vitest';
import type { AgentId } from '../../../src/domain/agent.ts';
import type { OperationEvent } from '../../../src/domain/operation-event.ts';
import type { LoggedOperation } from '../../../src/domain/operation-record.ts';
import { recordsIn } from '../../../src/operations/records/records.ts';
import { takeUp } from '../../../src/operations/recovery.ts';
import { newJournal, newRecords, self, stateDirectory } from '../journal/journal-under-test.ts';
import { asked, shop } from './team-under-test.ts';

const at = new Date(1_000_000);
const noted = { bootId: 'fake-boot', processes: [] };
const spec = { id: 'shop:pay' } as never;
const steps = [
  { id: 'shop:pay' as AgentId, action: 'replace', why: [], stop: spec, start: spec, depth: 0, budgetMs: 10 },
] as const;
const operation = {
  id: 'O-222222',
  request: asked({ selection: shop }),
  plan: { steps },
  startedAt: at,
};
const event = (kind: 'draining' | 'noted' | 'drained' | 'starting' | 'started'): OperationEvent => {
  const result = {
    outcome: 'Graceful',
    budgetMs: 10,
    tookMs: 1,
    signals: [],
    survivors: [],
    strays: [],
    lastLines: [],
  } as const;
  return {
    kind,
    id: 'shop:pay',
    at,
    ...(kind === 'draining' && { budgetMs: 10 }),
    ...(kind === 'noted' && { noted }),
    ...(kind === 'drained' && { result }),
  } as OperationEvent;
};

function takenUp(kinds: Parameters<typeof event>[0][], afterMs: number, bootId = 'fake-boot') {
  const records = newRecords();
  records.operations.begin(operation);
  for (const kind of kinds) records.operations.record(operation, event(kind));
  const logged = records.operations.find(operation.id) as LoggedOperation;
  const { progress } = takeUp(logged, records.operations, { ms: at.getTime() + afterMs, bootId });
  return { phase: progress.get('shop:pay')?.phase, events: records.operations.find(operation.id)?.events };
}

describe('an operation of a process that died', () => {
  test.each<[string, Parameters<typeof event>[0][], string]>([
    ['was not begun', [], 'pending'],
    ['was about to be drained, and not noted', ['draining'], 'draining'],
  ])('goes on with an agent that %s within a minute', (_name, kinds, phase) => {
    expect(takenUp(kinds, 60_000).phase?.kind).toBe(phase);
  });

  test.each<[string, Parameters<typeof event>[0][]]>([
    ['was not begun', []],
    ['was about to be drained, and not noted', ['draining']],
  ])('leaves an agent alone that %s, after a minute, and writes that down', (_name, kinds) => {
    const { phase, events } = takenUp(kinds, 60_001);

    expect(phase).toMatchObject({ kind: 'left', why: expect.stringContaining('ask again') });
    expect(events?.at(-1)).toMatchObject({ kind: 'left', id: 'shop:pay' });
  });

  test('goes on with a stop that was begun, however late', () => {
    expect(takenUp(['draining', 'noted'], 3_600_000).phase).toMatchObject({ kind: 'draining', noted });
  });

  test('starts what it had stopped, however late', () => {
    expect(takenUp(['draining', 'noted', 'drained'], 3_600_000).phase?.kind).toBe('waiting-to-start');
  });

  test.each<[Parameters<typeof event>[0][]]>([
    [['draining', 'noted', 'drained']],
    [['draining', 'noted', 'drained', 'starting']],
  ])('starts nothing after a reboot of the host: %j', (kinds) => {
    expect(takenUp(kinds, 1000, 'another-boot').phase).toMatchObject({
      kind: 'left',
      why: expect.stringContaining('rebooted'),
    });
  });

  test('has nothing left to do with an agent that was done', () => {
    expect(takenUp(['draining', 'noted', 'drained', 'starting', 'started'], 3_600_000).phase?.kind).toBe(
      'done',
    );
  });
});

describe('the log of operations', () => {
  test('gives back what was written, also to the next process', () => {
    const directory = stateDirectory();
    const before = recordsIn(newJournal(directory), self).operations;
    before.begin(operation);
    before.shown(operation.id, { channel: 'C1' });
    before.shown(operation.id, { channel: 'C1', ts: '1.2' });
    for (const kind of ['draining', 'noted', 'drained'] as const) before.record(operation, event(kind));
    const failed: OperationEvent = { kind: 'failed', id: 'shop:pay', at, error: 'no such file' };
    before.record(operation, failed);

    const [logged] = recordsIn(newJournal(directory), { ...self, pid: 2 }).operations.unfinished();

    expect(logged).toEqual({
      operation,
      owner: self,
      channel: 'C1',
      shownAt: { channel: 'C1', ts: '1.2' },
      events: [event('draining'), event('noted'), event('drained'), failed],
    });
  });

  test('tells what is over and not told from what is told', () => {
    const { operations } = newRecords();
    for (const id of ['O-1', 'O-2', 'O-3']) operations.begin({ ...operation, id });
    operations.finish({ ...operation, id: 'O-2' }, { at, error: 'disk full' });
    operations.finish({ ...operation, id: 'O-3' }, { at });
    operations.told('O-3');

    expect(operations.unfinished().map((each) => each.operation.id)).toEqual(['O-1']);
    expect(operations.untold()).toMatchObject([
      { operation: { id: 'O-2' }, verdict: { at, error: 'disk full' } },
    ]);
  });

  test('has the newest operations first, of a project with those of the whole team', () => {
    const { operations } = newRecords();
    const begin = (id: string, selection: typeof operation.request.selection, ms: number) =>
      operations.begin({ ...operation, id, request: asked({ selection }), startedAt: new Date(ms) });
    begin('O-1', shop, 1);
    begin('O-2', { kind: 'team' }, 2);
    begin('O-3', { kind: 'project', project: 'blog' }, 3);
    begin('O-4', { kind: 'agent', id: 'shop:pay' }, 4);

    const ids = (query: Parameters<typeof operations.recent>[0]) =>
      operations.recent(query).map((each) => each.operation.id);
    expect(ids({ most: 10 })).toEqual(['O-4', 'O-3', 'O-2', 'O-1']);
    expect(ids({ project: 'shop', most: 2 })).toEqual(['O-4', 'O-2']);
    expect(ids({ since: new Date(3), most: 10 })).toEqual(['O-4', 'O-3']);
  });

  test('knows what came of a delivery, and what did not', () => {
    const { operations, deliveries } = newRecords();
    const delivery = { person: 'U1', channel: 'C1', text: '/team reload', changes: true };
    deliveries.accept({ ...delivery, delivery: 'command 1' });
    deliveries.accept({ ...delivery, delivery: 'command 2' });
    deliveries.accept({ ...delivery, delivery: 'command 3' });
    for (const each of [1, 3]) {
      const request = { ...operation.request, delivery: `command ${each}` };
      operations.begin({ ...operation, id: `O-22222${each}`, request });
    }
    operations.shown('O-222221', { channel: 'C1' });

    expect([operations.cameOf('command 1'), operations.cameOf('command 2')]).toEqual(['O-222221', undefined]);
    // Of the third it was not said yet where it is to be shown.
    expect(deliveries.forgotten().map((each) => each.delivery)).toEqual(['command 2', 'command 3']);
  });

  test('has how an agent was last stopped, newest first, and none of what did not run', () => {
    const { operations } = newRecords();
    operations.begin(operation);
    const none = { wasRunning: false, tookMs: 1, signals: [], survivors: [], strays: [], lastLines: [] };
    const drained = event('drained') as Extract<OperationEvent, { kind: 'drained' }>;
    const killed = {
      ...drained,
      at: new Date(2_000_000),
      result: { ...drained.result, outcome: 'TimedOutKilled' },
    } as const;
    operations.record(operation, drained);
    operations.record(operation, killed);
    operations.record(operation, { kind: 'killed', id: 'shop:pay', at: new Date(3_000_000), result: none });

    expect(operations.lastStops('shop:pay', 5).map(({ how }) => how)).toEqual(['TimedOutKilled', 'Graceful']);
    expect(operations.lastStops('shop:cart', 5)).toEqual([]);
  });

  test('keeps one receipt for a forced kill, under an id that says which', () => {
    const journal = newJournal();
    const { operations } = recordsIn(journal, self);
    operations.begin(operation);
    const drained = event('drained') as Extract<OperationEvent, { kind: 'drained' }>;
    operations.record(operation, { ...drained, result: { ...drained.result, outcome: 'TimedOutKilled' } });

    const rows = journal.run((database) => database.prepare('select id, agent from receipts').all());
    expect(rows).toEqual([{ id: 'R-222222-1', agent: 'shop:pay' }]);
  });
});
