import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AgentId } from '../../../src/domain/agent.ts';
import { hour, minute, second, start } from '../../fakes/manual-timers.ts';
import { exited, signalled, type WatchUnderTest, watchUnderTest } from './watch-under-test.ts';

const day = 24 * hour;

function crash(world: WatchUnderTest, id: AgentId): void {
  world.dies(id, exited(1, world.timers.now()), true);
  world.passes(5 * second);
  world.starts(id);
}

test('a week with restarts in between comes out as calculated by hand', () => {
  const world = watchUnderTest({ beatMs: minute });
  world.starts('shop:pay', 'shop:cart', 'blog:writer');

  // Every day at 09:00 from the start: six crashes, one a minute, then a quiet day.
  for (let today = 0; today < 7; today += 1) {
    world.passes(9 * hour);
    for (let number = 0; number < 6; number += 1) {
      crash(world, 'shop:pay');
      if (number === 3) world.restarts({ planned: true, afterMs: 10 * second });
      world.passes(minute - (number === 3 ? 15 : 5) * second);
    }
    // blog:writer dies once a day and is started by hand on the host an hour later; from day 4 on that is muted for the project.
    if (today === 4) world.keeper.mutes.add('blog', 'U0ANA00000', 2 * day + hour);
    world.dies('blog:writer', exited(2, world.timers.now()));
    world.passes(hour);
    world.starts('blog:writer');
    // shop:cart is stopped by hand on even days, for a minute, while Muster is away.
    if (today % 2 === 0) {
      world.dies('shop:cart', signalled('TERM', world.timers.now()));
      world.passes(minute);
      world.restarts({ afterMs: 30 * second });
      world.starts('shop:cart');
    }
    const sinceStart = world.timers.now() - start;
    world.passes((today + 1) * day - sinceStart);
  }

  const of = (id: AgentId) =>
    world.messages().flatMap(({ agents }) => agents.filter((agent) => agent.id === id));
  expect(world.errors).toEqual([]);
  // Six deaths a day in one message each, every loop over half an hour after the last.
  expect(of('shop:pay')).toHaveLength(7);
  for (const entry of of('shop:pay')) {
    expect(entry).toMatchObject({
      deaths: 6,
      loop: { kind: 'crash-loop-over', deaths: 6, because: 'healthy' },
      back: { by: 'loop' },
    });
  }
  expect(world.keeper.crashLoops.of('shop:pay')).toBeUndefined();
  expect(world.keeper.crashLoops.deathsOf('shop:pay', 100)).toHaveLength(42);
  // Told on days 0 to 3; on days 4, 5 and 6 muted: the mute ends 61 minutes after the third.
  expect(of('blog:writer')).toHaveLength(4);
  const over = new Map(world.mutesOver.map(({ mute, kept }) => [mute.id, kept]));
  expect([...over.values()]).toMatchObject([[{ agent: 'blog:writer', kind: 'died', times: 3 }]]);
  expect(of('shop:cart')).toHaveLength(4);
  expect(of('shop:cart').map(({ death, back }) => [death?.kind, back?.by])).toEqual(
    Array.from({ length: 4 }, () => ['stopped-outside', 'outside']),
  );
  expect(world.messages().filter(({ resolvedAt }) => resolvedAt === undefined)).toEqual([]);
}, 60_000);

/** What happens next, after so many seconds. */
const happening = fc.record({
  what: fc.constantFrom('crash', 'crash', 'crash', 'clean', 'Muster restarts'),
  afterSeconds: fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 1, max: 400 }) },
    fc.integer({ min: 1, max: 4000 }),
  ),
});

test('whatever happens, and whenever Muster restarts, a crash loop is what its definition says', () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 60 }), (happenings) => {
      const world = watchUnderTest({ beatMs: 7 * minute });
      world.starts('shop:pay');
      const lives: { readonly end: 'crash' | 'clean'; readonly from: number; readonly to: number }[] = [];
      let from = world.timers.now();
      for (const { what, afterSeconds } of happenings) {
        world.passes(afterSeconds * second);
        if (what === 'Muster restarts') {
          world.restarts({ planned: true, afterMs: second });
          world.passes(second);
          continue;
        }
        const to = world.timers.now();
        lives.push({ end: what as 'crash' | 'clean', from, to });
        world.dies('shop:pay', exited(what === 'crash' ? 1 : 0, to), true);
        world.passes(second);
        world.starts('shop:pay');
        from = world.timers.now();
      }
      world.keeper.beat();

      expect(world.errors).toEqual([]);
      expect(world.keeper.crashLoops.of('shop:pay') !== undefined).toBe(
        isLooping(lives, from, world.timers.now()),
      );
      const crashes = lives.filter(({ end }) => end === 'crash').length;
      const told = world.messages().flatMap(({ agents }) => agents.map(({ deaths }) => deaths));
      expect(told.reduce((sum, deaths) => sum + deaths, 0)).toBe(crashes);
    }),
    { numRuns: 40 },
  );
}, 60_000);

/** The definition, without a journal, a clock or edges. */
function isLooping(
  lives: readonly { end: 'crash' | 'clean'; from: number; to: number }[],
  lastFrom: number,
  now: number,
): boolean {
  let looping = false;
  let counted: number[] = [];
  for (const { end, from, to } of [...lives, { end: 'clean', from: lastFrom, to: now }]) {
    if (looping && to - from >= 30 * minute) {
      looping = false;
      counted = [];
    }
    if (end !== 'crash') continue;
    counted = [...counted, to].filter((at) => at >= to - 15 * minute);
    if (counted.length >= 5) looping = true;
  }
  return looping;
}
