import { expect, test } from 'vitest';
import { hour, minute, second, start } from '../../../fakes/manual-timers.ts';
import { exited, signalled, type WatchUnderTest, watchUnderTest } from '../watch-under-test.ts';

/** It ends, and its loop starts it again five seconds later. */
function crash(world: WatchUnderTest, end = exited(1, world.timers.now())): void {
  world.dies('shop:pay', end, true);
  world.passes(5 * second);
  world.starts('shop:pay');
}

const kinds = (world: WatchUnderTest) => world.alerts.map(({ agents }) => agents[0]?.loop?.kind);

test('the fifth death within fifteen minutes is a crash loop, told in the same message', () => {
  const world = watchUnderTest();
  world.starts('shop:pay');
  for (let death = 1; death <= 4; death += 1) {
    crash(world);
    world.passes(3 * minute + 39 * second);
  }
  expect(kinds(world)).not.toContain('crash-loop');
  crash(world);

  expect(world.messages()).toHaveLength(1);
  expect(world.messages()[0]).toMatchObject({
    agents: [{ deaths: 5, loop: { kind: 'crash-loop', deaths: 5, withinMs: 14 * minute + 56 * second } }],
  });
  expect(world.messages()[0]?.resolvedAt).toBeUndefined();
});

test('five deaths in more than fifteen minutes are none', () => {
  const world = watchUnderTest();
  world.starts('shop:pay');
  for (let death = 1; death <= 20; death += 1) {
    crash(world);
    world.passes(3 * minute + 41 * second);
  }

  expect(kinds(world).filter(Boolean)).toEqual([]);
});

test('clean exits and stops that were asked for do not count', () => {
  const world = watchUnderTest();
  world.starts('shop:pay');
  for (let death = 1; death <= 10; death += 1) crash(world, exited(0, world.timers.now()));
  world.wanted.set(['shop:pay'], 'down', 'U0ANA00000');
  for (let death = 1; death <= 10; death += 1) {
    world.dies('shop:pay', signalled('KILL', world.timers.now()));
    world.passes(minute);
    world.wanted.set(['shop:pay'], 'down', 'U0ANA00000');
    world.starts('shop:pay');
    world.wanted.set(['shop:pay'], 'down', 'U0ANA00000');
  }

  expect(kinds(world).filter(Boolean)).toEqual([]);
});

test('it is over after thirty healthy minutes, and not before; then it takes five deaths again', () => {
  const world = watchUnderTest();
  world.starts('shop:pay');
  for (let death = 1; death <= 7; death += 1) crash(world);
  world.passes(29 * minute);
  crash(world);
  world.passes(30 * minute - second);
  expect(world.keeper.crashLoops.of('shop:pay')).toMatchObject({ deaths: 8 });
  world.passes(11 * second);

  expect(world.keeper.crashLoops.of('shop:pay')).toBeUndefined();
  expect(world.messages()).toMatchObject([
    {
      agents: [{ deaths: 8, loop: { kind: 'crash-loop-over', deaths: 8, because: 'healthy' } }],
      resolvedAt: expect.any(Date),
    },
  ]);
  for (let death = 1; death <= 4; death += 1) crash(world);
  expect(world.keeper.crashLoops.of('shop:pay')).toBeUndefined();
  crash(world);
  expect(world.keeper.crashLoops.of('shop:pay')).toMatchObject({ deaths: 5 });
});

test('it is over when somebody stops the agent through Muster', () => {
  const world = watchUnderTest();
  world.starts('shop:pay');
  for (let death = 1; death <= 5; death += 1) crash(world);
  world.wanted.set(['shop:pay'], 'down', 'U0ANA00000');
  world.dies('shop:pay', signalled('INT', world.timers.now()));
  world.passes(second);

  expect(world.messages()).toMatchObject([
    {
      agents: [{ loop: { kind: 'crash-loop-over', because: 'stopped' }, downOnPurpose: expect.any(Date) }],
      resolvedAt: expect.any(Date),
    },
  ]);
});

test('it is over when somebody asks for an agent to stay down that is down already', () => {
  const world = watchUnderTest();
  world.starts('shop:pay');
  for (let death = 1; death <= 5; death += 1) crash(world);
  world.dies('shop:pay', exited(1, world.timers.now()), true);
  world.passes(second);
  world.wanted.set(['shop:pay'], 'down', 'U0ANA00000');
  world.dies('shop:pay');
  world.passes(minute);

  expect(world.keeper.crashLoops.of('shop:pay')).toBeUndefined();
  expect(world.messages()).toMatchObject([
    {
      agents: [{ loop: { kind: 'crash-loop-over', because: 'stopped' }, downOnPurpose: expect.any(Date) }],
      resolvedAt: expect.any(Date),
    },
  ]);
});

test('the deaths of a project are those of its agents and of no project whose name begins like it', () => {
  const world = watchUnderTest();
  const ids = ['shop:pay', 'shop:cart', 'shop-2:pay', 'sho:p'] as const;
  world.starts(...ids);
  for (const id of ids) {
    world.passes(minute);
    world.dies(id, exited(1, world.timers.now()));
  }
  world.passes(second);
  const idsOf = (query: { project?: string; since?: Date }) =>
    world.keeper.crashLoops.deaths({ ...query, most: 3 }).map(({ id }) => id);

  expect(idsOf({ project: 'shop' })).toEqual(['shop:cart', 'shop:pay']);
  expect(idsOf({})).toEqual(['sho:p', 'shop-2:pay', 'shop:cart']);
  expect(idsOf({ project: 'shop', since: new Date(start + 2 * minute) })).toEqual(['shop:cart']);
});

test('it is over at the thirtieth healthy minute also if nobody looked before the next death', () => {
  const world = watchUnderTest({ beatMs: 24 * hour });
  world.starts('shop:pay');
  for (let death = 1; death <= 5; death += 1) crash(world);
  world.passes(31 * minute);
  crash(world);

  expect(world.keeper.crashLoops.of('shop:pay')).toBeUndefined();
});

test('what was stopped through Muster and is started again begins to count anew', () => {
  const world = watchUnderTest();
  world.starts('shop:pay');
  for (let death = 1; death <= 5; death += 1) crash(world);
  world.wanted.set(['shop:pay'], 'down', 'U0ANA00000');
  world.dies('shop:pay', signalled('INT', world.timers.now()));
  world.passes(second);
  world.wanted.set(['shop:pay'], 'up', 'U0ANA00000');
  world.starts('shop:pay');
  for (let death = 1; death <= 4; death += 1) crash(world);
  expect(world.keeper.crashLoops.of('shop:pay')).toBeUndefined();

  crash(world);
  expect(world.keeper.crashLoops.of('shop:pay')).toMatchObject({ deaths: 5 });
});

test('a loop that gives up is told in its words', () => {
  const world = watchUnderTest();
  world.starts('shop:pay');
  world.dies('shop:pay', exited(1, world.timers.now()), true);
  world.passes(second);
  const lastEnd = exited(1, world.timers.now());
  world.sees('shop:pay', { state: 'stopped', restarting: false, lastEnd, gaveUp: 'started 5 times in 10 s' });
  world.passes(hour);

  expect(world.messages()).toMatchObject([
    { agents: [{ loop: { kind: 'gave-up', reason: 'started 5 times in 10 s' } }] },
  ]);
  world.starts('shop:pay');
  world.passes(31 * minute);
  expect(world.messages()).toMatchObject([{ resolvedAt: expect.any(Date) }]);
});

test('it is counted over restarts of Muster, in the window and in health', () => {
  const world = watchUnderTest();
  world.starts('shop:pay');
  for (let death = 1; death <= 5; death += 1) {
    crash(world);
    world.passes(minute);
    world.restarts({ afterMs: 20 * second });
    world.passes(minute);
  }
  expect(world.keeper.crashLoops.of('shop:pay')).toMatchObject({ deaths: 5 });
  world.passes(20 * minute);
  world.restarts({ afterMs: 10 * minute });
  world.passes(minute);

  expect(world.keeper.crashLoops.of('shop:pay')).toBeUndefined();
});
