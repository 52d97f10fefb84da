import { expect, test } from 'vitest';
import type { Request } from '../../../src/domain/operation.ts';
import { RefusedError } from '../../../src/domain/refusal.ts';
import { createProjectLocks } from '../../../src/operations/locks/project-locks.ts';
import { createOperator } from '../../../src/operations/operate.ts';
import type { CourseNews } from '../../../src/operations/run/course.ts';
import { createManualTimers } from '../../fakes/manual-timers.ts';
import { until } from '../../fakes/until.ts';
import { diskOf } from '../journal/journal-under-test.ts';
import { agent, asked, createRunningTeam, shop, type TeamUnderTest } from './team-under-test.ts';

const id = 'O-222222';
const drain = (more: Partial<Request> = {}) =>
  asked({ verb: 'drain', selection: agent('shop:pay'), askedBy: 'ana', ...more });

async function operatorOf(team: TeamUnderTest) {
  const locks = createProjectLocks();
  const timers = createManualTimers(Date.now());
  const { operations } = team.records;
  const operator = createOperator({ host: team.host, locks, operations, timers });
  const isFree = () => {
    try {
      locks.take(shop, { id: 'O-333333', text: 'up', askedBy: 'bo', since: new Date() })();
      return true;
    } catch (error) {
      if (error instanceof RefusedError) return false;
      throw error;
    }
  };
  return { operator, timers, isFree, logged: () => operations.find(id) };
}

async function allOf(course: AsyncIterable<CourseNews> | undefined): Promise<readonly CourseNews[]> {
  const news: CourseNews[] = [];
  for await (const each of course ?? []) news.push(each);
  return news;
}

test('what has begun is on record and holds its projects, and nothing is touched before it goes', async () => {
  const team = await createRunningTeam();
  const { operator, isFree, logged } = await operatorOf(team);

  const begun = await operator.begin({ id, request: drain() });

  expect(begun).toMatchObject({ kind: 'begun', operation: { id, plan: { steps: [{ action: 'drain' }] } } });
  expect(logged()?.wentAt).toBeUndefined();
  expect(isFree()).toBe(false);
  expect(team.supervisor.called('drain')).toEqual([]);
  expect(team.records.wanted.of('shop:pay')).toBeUndefined();

  const course = operator.courseOf(id);
  expect(await operator.go(id)).toEqual({ kind: 'going' });
  expect((await allOf(course?.from(0))).at(-1)).toEqual({ kind: 'over', verdict: { at: expect.any(Date) } });
  expect(isFree()).toBe(true);
  expect(team.records.wanted.of('shop:pay')).toMatchObject({ state: 'down', by: 'ana' });
  expect(logged()).toMatchObject({ wentAt: expect.any(Date), verdict: { at: expect.any(Date) } });
});

test('an id begins once, also while it is on its way, and goes once', async () => {
  const team = await createRunningTeam();
  const { operator, logged } = await operatorOf(team);

  const [one, other] = await Promise.all([
    operator.begin({ id, request: drain() }),
    operator.begin({ id, request: drain() }),
  ]);
  await operator.go(id);
  const again = await operator.go(id);
  await operator.idle();

  expect(other).toBe(one);
  expect(again).toEqual({ kind: 'going' });
  expect(await operator.go(id)).toEqual({ kind: 'going' });
  expect(await operator.begin({ id, request: drain() })).toMatchObject({ kind: 'begun', observed: [] });
  expect(team.supervisor.called('drain')).toEqual(['shop:pay']);
  expect(logged()?.events.filter(({ kind }) => kind === 'drained')).toHaveLength(1);
});

test.each([
  ['that does not go within a minute is cancelled by itself', undefined, 60_000, 'nobody let it go in time'],
  ['that was asked for long ago goes no more', -30_000, 30_001, 'it could not be shown in time'],
])('what has begun %s, and its projects are free', async (_what, askedMs, waitMs, why) => {
  const team = await createRunningTeam();
  const { operator, timers, isFree, logged } = await operatorOf(team);
  const askedAt = askedMs === undefined ? {} : { askedAt: new Date(timers.now() + askedMs) };
  await operator.begin({ id, request: drain(askedAt) });
  const course = operator.courseOf(id);

  timers.advance(waitMs);

  expect(await operator.go(id)).toEqual({ kind: 'too-late' });
  expect(await allOf(course?.from(0))).toMatchObject([
    { kind: 'over', verdict: { cancelled: expect.any(String) } },
  ]);
  expect(logged()?.verdict?.cancelled).toContain(why);
  expect(isFree()).toBe(true);
  expect(team.supervisor.called('drain')).toEqual([]);
  expect(team.records.operations.unfinished()).toEqual([]);
});

test('a cancelled operation says why, and one that goes is cancelled no more', async () => {
  const team = await createRunningTeam();
  const { operator, isFree, logged } = await operatorOf(team);
  await operator.begin({ id, request: drain() });
  await operator.cancel(id, 'it could not be posted');

  expect(logged()?.verdict?.cancelled).toBe('it could not be posted');
  expect(isFree()).toBe(true);

  await operator.begin({ id: 'O-444444', request: drain() });
  await operator.go('O-444444');
  await operator.cancel('O-444444', 'too late');
  await operator.idle();
  expect(team.records.operations.find('O-444444')?.verdict?.cancelled).toBeUndefined();
});

test('what cannot be put on record as going is cancelled, and nothing is touched', async () => {
  const team = await createRunningTeam();
  const { operator, isFree } = await operatorOf(team);
  await operator.begin({ id, request: drain() });
  const disk = diskOf(team.records.journal);
  disk.fill();

  await expect(operator.go(id)).rejects.toThrow(/full/);

  disk.free();
  expect(team.supervisor.called('drain')).toEqual([]);
  expect(isFree()).toBe(true);
  expect(await operator.go(id)).toEqual({ kind: 'too-late' });
});

test('a verdict that cannot be written is told, and known here until it is written', async () => {
  const team = await createRunningTeam(undefined, { 'shop:pay': { drain: { afterMs: 50 } } });
  const { operator, logged } = await operatorOf(team);
  const disk = diskOf(team.records.journal);
  await operator.begin({ id, request: drain() });
  await operator.go(id);
  const course = operator.courseOf(id);
  await until('its stop is noted', () => course?.events.some(({ kind }) => kind === 'noted'));
  disk.fill();

  const news = await allOf(course?.from(0));

  expect(news.at(-1)).toMatchObject({ kind: 'over', verdict: { error: expect.stringContaining('full') } });
  expect(logged()?.verdict).toBeUndefined();
  expect((await allOf(operator.courseOf(id)?.from(news.length - 1))).at(-1)).toEqual(news.at(-1));
  disk.free();
  team.records.journal.catchUp();
  expect(logged()?.verdict).toBeDefined();
});

test('who pauses takes nothing new, and what has not begun a step is left to another process', async () => {
  const team = await createRunningTeam();
  const { operator, isFree } = await operatorOf(team);
  await operator.begin({ id, request: drain() });
  const course = operator.courseOf(id);

  operator.pause();

  await expect(operator.begin({ id: 'O-555555', request: drain() })).rejects.toMatchObject({
    refusal: { kind: 'restarting' },
  });
  expect(await operator.go(id)).toEqual({ kind: 'going' });
  expect(await allOf(course?.from(0))).toEqual([{ kind: 'pausing' }, { kind: 'paused' }]);
  expect(isFree()).toBe(true);
  expect(team.records.operations.unfinished()).toMatchObject([
    { operation: { id }, wentAt: expect.any(Date) },
  ]);
});

test('many follow at once, from where they want, and one that stops reading holds nobody up', async () => {
  const team = await createRunningTeam();
  const { operator } = await operatorOf(team);
  await operator.begin({ id, request: drain() });
  const course = operator.courseOf(id);
  const lazy = course?.from(0)[Symbol.asyncIterator]();
  const all = allOf(course?.from(0));
  const last = allOf(course?.from(2));
  await operator.go(id);
  await lazy?.next();

  const news = await all;

  expect(news.map((each) => (each.kind === 'event' ? each.number : each.kind))).toEqual([1, 2, 3, 'over']);
  expect(await last).toEqual(news.slice(2));
});
