import { expect, test } from 'vitest';
import type { OperationEvent } from '../../../../src/domain/operation-event.ts';
import { forcedKills, progressBy } from '../../../../src/domain/progress.ts';
import { planRequest } from '../../../../src/operations/plan/make-plan.ts';
import { runOperation } from '../../../../src/operations/run/run-plan.ts';
import type { Supervisor } from '../../../../src/supervisor/supervisor.ts';
import { agent, asked, createRunningTeam, offRecord } from '../team-under-test.ts';

async function restarted(
  readWorkTree: Supervisor['readWorkTree'],
  drain: 'graceful' | 'stubborn' = 'stubborn',
) {
  const team = await createRunningTeam(undefined, { 'shop:pay': { drain } });
  const host = { ...team.host, supervisor: { ...team.supervisor, ...(readWorkTree && { readWorkTree }) } };
  const request = asked({ verb: 'restart', selection: agent('shop:pay'), budgetMs: 20 });
  const { plan, situation } = await planRequest(host, request);
  const events: OperationEvent[] = [];
  await runOperation(
    { plan },
    situation,
    offRecord((event) => events.push(event)),
  ).finished;
  const kinds = events.map(({ kind }) => kind).filter((kind) => kind !== 'noted' && kind !== 'forcing');
  return { kinds, kill: forcedKills(progressBy(plan, events))[0] };
}

test('what a killed agent left unfinished is looked at before it is started again, and belongs to the receipt', async () => {
  const workTree = { uncommitted: 3, isLocked: true };
  const { kinds, kill } = await restarted(async () => workTree);

  expect(kinds).toEqual(['draining', 'drained', 'examined', 'starting', 'started']);
  expect(kill?.stop.workTree).toEqual(workTree);
});

test('an agent that stops politely is not looked at', async () => {
  const { kinds } = await restarted(async () => ({ uncommitted: 3, isLocked: true }), 'graceful');

  expect(kinds).toEqual(['draining', 'drained', 'starting', 'started']);
});

test.each([
  ['there is nothing to see', async () => undefined],
  ['looking fails', () => Promise.reject(new Error('EMFILE'))],
  ['nobody looks', undefined],
])('an operation goes on where %s', async (_when, readWorkTree) => {
  const { kinds } = await restarted(readWorkTree);

  expect(kinds).toEqual(['draining', 'drained', 'starting', 'started']);
});

const left = { uncommitted: 3, isLocked: true };

/** What a Muster does that goes on with an operation of which these events are on record. */
async function goneOnWith(verb: 'drain' | 'restart', isKnown: (events: readonly OperationEvent[]) => number) {
  const team = await createRunningTeam(undefined, { 'shop:pay': { drain: 'stubborn' } });
  const request = asked({ verb, selection: agent('shop:pay'), budgetMs: 20 });
  const { plan, situation } = await planRequest(team.host, request);
  const before: OperationEvent[] = [];
  await runOperation(
    { plan },
    situation,
    offRecord((event) => before.push(event)),
  ).finished;
  const known = before.slice(0, isKnown(before));
  const events: OperationEvent[] = [];
  const host = { ...situation.host, supervisor: { ...team.supervisor, readWorkTree: async () => left } };
  await runOperation(
    { plan },
    { ...situation, host },
    { ...offRecord((event) => events.push(event)), earlier: progressBy(plan, known) },
  ).finished;
  const [kill] = forcedKills(progressBy(plan, [...known, ...events]));
  return { kinds: events.map(({ kind }) => kind), kill };
}

test.each([
  { verb: 'restart', next: ['starting', 'started'] },
  { verb: 'drain', next: [] },
] as const)(
  'what an agent left that was killed just before Muster was is looked at by the Muster that goes on: $verb',
  async ({ verb, next }) => {
    const { kinds, kill } = await goneOnWith(
      verb,
      (events) => events.findIndex(({ kind }) => kind === 'drained') + 1,
    );

    expect(kinds).toEqual(['examined', ...next]);
    expect(kill?.stop.workTree).toEqual(left);
  },
);

test('an agent that runs again since it was killed is not looked at', async () => {
  const { kinds } = await goneOnWith('restart', (events) => events.length);

  expect(kinds).toEqual([]);
});
