import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { newId } from '../../../src/domain/operation.ts';
import type { OperationEvent } from '../../../src/domain/operation-event.ts';
import { RefusedError } from '../../../src/domain/refusal.ts';
import { createProjectLocks } from '../../../src/operations/locks/project-locks.ts';
import { createOperator } from '../../../src/operations/operate.ts';
import { planRequest } from '../../../src/operations/plan/make-plan.ts';
import { createOperationLog } from '../../../src/operations/records/operation-log.ts';
import { createRecovery, goOnFrom, holdLeft, ofDeadProcesses } from '../../../src/operations/recovery.ts';
import { runOperation } from '../../../src/operations/run/run-plan.ts';
import { newJournal, self } from '../journal/journal-under-test.ts';
import { agent, asked, createRunningTeam, shop } from './team-under-test.ts';

const process = (pid: number) => ({ pid, startTime: '1', bootId: 'fake-boot' });
const lives = async ({ pid }: { readonly pid: number }) => pid !== 1;

/** An operation that process 1 left, and the journal as processes 2 and 3 see it. */
function left() {
  const journal = newJournal();
  const [first, second, third] = [1, 2, 3].map((pid) => createOperationLog(journal, process(pid)));
  if (first === undefined || second === undefined || third === undefined) throw new Error('three logs');
  const request = asked({ selection: shop });
  const operation = {
    id: newId('O'),
    request,
    plan: { steps: [] },
    startedAt: new Date(),
  };
  first.begin(operation);
  const [logged] = second.unfinished();
  if (logged === undefined) throw new Error('nothing was left');
  return { operation, logged, second, third };
}

test('only what dead processes left is theirs who come after', async () => {
  const { logged, second } = left();

  expect(await ofDeadProcesses([logged], lives)).toEqual([logged]);
  second.takeOver(logged.operation.id);
  expect(await ofDeadProcesses(second.unfinished(), lives)).toEqual([]);
});

test('of two that found it at the same time one goes on with it', async () => {
  const { logged, second, third, operation } = left();
  const locks = createProjectLocks();
  const held = await holdLeft(logged, { locks, operations: second, lives });

  await expect(holdLeft(logged, { locks, operations: third, lives })).rejects.toThrow(RefusedError);
  second.takeOver(operation.id);
  await held?.release();
  expect(held?.logged.operation.id).toBe(operation.id);
  expect(await holdLeft(logged, { locks, operations: third, lives })).toBeUndefined();
});

test('what is over by the time its projects are free is nobody’s any more, and they stay free', async () => {
  const { logged, second, third, operation } = left();
  const locks = createProjectLocks();
  second.finish(operation, { at: new Date() });

  expect(await holdLeft(logged, { locks, operations: third, lives })).toBeUndefined();
  const { id, startedAt: since } = operation;
  expect(() => locks.take(shop, { id, since, text: 'reload', askedBy: 'ana' })).not.toThrow();
});

test.each([
  ['is what people want, if it is begun in time', 59_000, 'pending', 'down'],
  ['is wanted no more, if it is too late to begin with it', 61_000, 'left', undefined],
])('what was asked for and not begun with %s', async (_what, ageMs, phase, wanted) => {
  const { host, records } = await createRunningTeam();
  const { operations } = records;
  const request = asked({ verb: 'drain', selection: agent('shop:pay') });
  const { plan } = await planRequest(host, request);
  operations.begin({ id: 'O-222222', request, plan, startedAt: new Date(Date.now() - ageMs) });
  records.wanted.set(['shop:pay'], 'down', request.askedBy);
  const [logged] = operations.unfinished();
  if (logged === undefined) throw new Error('nothing was left');

  const { earlier } = await goOnFrom(logged, { host, operations, bootId: 'fake-boot' });

  expect(earlier.get('shop:pay')?.phase.kind).toBe(phase);
  expect(records.wanted.of('shop:pay')?.state).toBe(wanted);
});

test.each(['under way', 'settled by a Muster that has died since'])(
  'after a reboot nothing is started for an agent whose stop was %s',
  async (when) => {
    const { host, supervisor } = await createRunningTeam();
    const request = asked({ verb: 'restart', selection: agent('shop:pay') });
    const { plan } = await planRequest(host, request);
    const journal = newJournal();
    const [first, second] = [
      createOperationLog(journal, { ...process(1), bootId: 'the boot before' }),
      createOperationLog(journal, process(2)),
    ];
    const operation = { id: newId('O'), request, plan, startedAt: new Date() };
    first.begin(operation);
    const at = new Date();
    first.record(operation, { kind: 'draining', id: 'shop:pay', at, budgetMs: 10_000 });
    const noted = {
      bootId: 'the boot before',
      processes: [{ pid: 1, startTime: '1', part: 'agent' as const }],
    };
    first.record(operation, { kind: 'noted', id: 'shop:pay', at, noted });
    supervisor.set('shop:pay', { state: 'stopped' });
    if (when !== 'under way') {
      second.takeOver(operation.id);
      const why = 'it ended while Muster was away';
      second.record(operation, { kind: 'gone', id: 'shop:pay', at, why });
    }
    const [logged] = second.unfinished();
    if (logged === undefined) throw new Error('nothing was left');

    const starts = supervisor.called('up').length;
    const from = await goOnFrom(logged, { host, operations: second, bootId: 'fake-boot' });
    const record = (event: OperationEvent) => second.record(operation, event);
    await runOperation(operation, from.situation, { ...from, record, emit: () => undefined }).finished;

    expect(supervisor.called('up')).toHaveLength(starts);
    expect(second.find(operation.id)?.events.at(-1)).toMatchObject({
      kind: 'left',
      why: 'the host was rebooted meanwhile, and nothing is started unasked',
    });
  },
);

describe('what a dead process left', () => {
  /** A drain of pay that process 1 began, and this process as it starts. */
  async function leftDrain({ went = true, ageMs = 0 } = {}) {
    const team = await createRunningTeam();
    const { host } = team;
    const journal = team.records.journal;
    const [first, operations] = [createOperationLog(journal, process(1)), team.records.operations];
    const request = asked({ verb: 'drain', selection: agent('shop:pay') });
    const { plan } = await planRequest(host, request);
    const operation = { id: 'O-222222', request, plan, startedAt: new Date(Date.now() - ageMs) };
    first.begin(operation);
    if (went) first.goes(operation.id);
    const locks = createProjectLocks();
    const operator = createOperator({ host, locks, operations });
    const recovery = createRecovery({ host, locks, operations, operator, lives, bootId: 'fake-boot' });
    return { team, first, operation, locks, operator, recovery, logged: () => operations.find(operation.id) };
  }

  test('is held when the look is over, gone on with, and ends with a verdict', async () => {
    const { team, operation, locks, operator, recovery, logged } = await leftDrain();

    const taken = await recovery.recover({ kind: 'team' });

    expect(taken).toEqual([{ operation, events: [] }]);
    expect(() => locks.take(shop, { id: 'O-9', text: 'up', askedBy: 'bo', since: new Date() })).toThrow();
    await operator.idle();
    expect(logged()).toMatchObject({ verdict: { at: expect.any(Date) }, owner: { pid: self.pid } });
    expect(team.supervisor.called('drain')).toEqual(['shop:pay']);
    expect(await recovery.recover({ kind: 'team' })).toEqual([]);
  });

  test('on other projects is left alone, and so is what a living process has', async () => {
    const { team, recovery, logged } = await leftDrain();

    expect(await recovery.recover({ kind: 'project', project: 'blog' })).toEqual([]);
    createOperationLog(team.records.journal, process(2)).takeOver('O-222222');
    expect(await recovery.recover({ kind: 'team' })).toEqual([]);
    expect(logged()?.verdict).toBeUndefined();
    expect(team.supervisor.called('drain')).toEqual([]);
  });

  test('and never went is cancelled: nothing is touched that nobody was shown', async () => {
    const { team, operator, recovery, logged } = await leftDrain({ went: false });

    expect(await recovery.recover({ kind: 'team' })).toHaveLength(1);
    await operator.idle();

    expect(logged()?.verdict?.cancelled).toMatch(/^Muster ended before it had shown what was to be done/);
    expect(team.supervisor.called('drain')).toEqual([]);
    expect(team.records.wanted.of('shop:pay')).toBeUndefined();
  });

  test('and had not begun within a minute is told as left to whoever follows it', async () => {
    const { operator, recovery, operation } = await leftDrain({ ageMs: 61_000 });
    await recovery.recover({ kind: 'team' });

    const news: unknown[] = [];
    for await (const each of operator.courseOf(operation.id)?.from(0) ?? []) news.push(each);

    expect(news).toMatchObject([
      { kind: 'event', number: 1, event: { kind: 'left', id: 'shop:pay' } },
      { kind: 'over' },
    ]);
  });

  test('and cannot be taken up again is cancelled, and the reason is on record', async () => {
    const { team, operator, recovery, logged } = await leftDrain();
    team.write('team-compose.yaml', 'version: 2\nprojects: []\n');
    rmSync(join(team.root, 'state/applied.json'));

    await recovery.recover({ kind: 'team' });
    await operator.idle();

    expect(logged()?.verdict?.cancelled).toMatch(/^There is no agent shop:pay\./);
    expect(team.records.operations.unfinished()).toEqual([]);
  });
});
