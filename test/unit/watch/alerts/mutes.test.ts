import { describe, expect, test } from 'vitest';
import { wholeTeam } from '../../../../src/domain/selection.ts';
import { createMutes } from '../../../../src/watch/alerts/mutes.ts';
import { hour, minute, second, start } from '../../../fakes/manual-timers.ts';
import { exited, watchUnderTest } from '../watch-under-test.ts';

describe('a mute', () => {
  test.each(['shop:pay', 'shop', wholeTeam])('of %s keeps an alert back, until its end', (what) => {
    const world = watchUnderTest({ beatMs: hour });
    world.starts('shop:pay', 'blog:writer');
    world.keeper.mutes.add(what, 'U0ANA00000', 30 * minute);
    world.dies('shop:pay', exited(1, world.timers.now()), true);
    world.passes(minute);
    world.starts('shop:pay');
    world.passes(29 * minute - second);
    expect(world.alerts).toEqual([]);

    world.passes(second);
    world.dies('shop:pay', exited(1, world.timers.now()), true);
    world.passes(second);

    expect(world.messages()).toMatchObject([{ agents: [{ id: 'shop:pay', deaths: 1 }] }]);
  });

  test('keeps what is kept twice once, as after a crash between the kill and the word of it', () => {
    const { keeper, timers } = watchUnderTest();
    const mute = keeper.mutes.add('shop', 'U0ANA00000', hour);
    const kill = { agent: 'shop:pay', kind: 'killed', at: new Date(timers.now()) } as const;

    keeper.mutes.keep(mute, kill);
    keeper.mutes.keep(mute, kill);

    expect(keeper.mutes.end('shop', 'U0BO0000000')?.kept).toMatchObject([{ kind: 'killed', times: 1 }]);
  });

  test('of another project or agent keeps nothing back', () => {
    const world = watchUnderTest();
    world.starts('shop:pay');
    for (const what of ['blog', 'shop:lead', 'pay']) world.keeper.mutes.add(what, 'U0ANA00000', hour);
    world.dies('shop:pay', exited(1, world.timers.now()));
    world.passes(second);

    expect(world.messages()).toHaveLength(1);
  });

  test('that another process of Muster ended is told once, and one that was ended here by who ended it', () => {
    const world = watchUnderTest();
    const elsewhere = createMutes(world.journal, world.timers.now);
    const told = () => world.mutesOver.map(({ mute }) => mute.what);
    elsewhere.add('shop', 'ana@build-1', hour);
    world.keeper.mutes.add('blog', 'U0ANA00000', hour);

    elsewhere.end('shop', 'ana@build-1');
    const here = world.keeper.mutes.end('blog', 'U0ANA00000');
    world.passes(10 * second);
    expect(told()).toEqual([]);
    if (here !== undefined) world.keeper.mutes.told(here.mute);
    world.passes(2 * minute);

    expect(told()).toEqual(['shop']);
  });

  test('tells at its end what it kept back, counted', () => {
    const world = watchUnderTest();
    world.starts('shop:pay', 'shop:cart');
    const mute = world.keeper.mutes.add('shop', 'U0ANA00000', 30 * minute);
    const deathAt = world.timers.now();
    world.dies('shop:pay', exited(1, deathAt), true);
    world.passes(second);
    world.starts('shop:pay');
    world.passes(minute);
    const lastAt = world.timers.now();
    world.dies('shop:pay', exited(1, lastAt), true);
    world.passes(second);
    world.keeper.mutes.keep(mute, { agent: 'shop:cart', kind: 'killed', at: new Date(lastAt) });
    world.passes(30 * minute);

    expect(world.mutesOver).toEqual([
      {
        mute,
        at: new Date(start + 30 * minute),
        kept: [
          { agent: 'shop:pay', kind: 'died', times: 2, firstAt: new Date(deathAt), lastAt: new Date(lastAt) },
          {
            agent: 'shop:cart',
            kind: 'killed',
            times: 1,
            firstAt: new Date(lastAt),
            lastAt: new Date(lastAt),
          },
        ],
      },
    ]);
  });

  test('is over when somebody ends it, and says who', () => {
    const world = watchUnderTest();
    world.keeper.mutes.add('shop', 'U0ANA00000', hour);
    world.passes(minute);

    expect(world.keeper.mutes.end('shop', 'U0BO000000')).toMatchObject({
      endedBy: 'U0BO000000',
      at: new Date(start + minute),
    });
    expect(world.keeper.mutes.of('shop:pay')).toBeUndefined();
    expect(world.keeper.mutes.end('shop', 'U0BO000000')).toBeUndefined();
  });

  test('that is asked for again lasts until the later word says, under the same id', () => {
    const world = watchUnderTest();
    const first = world.keeper.mutes.add('shop', 'U0ANA00000', hour);
    world.passes(minute);
    const second_ = world.keeper.mutes.add('shop', 'U0BO000000', 5 * minute);

    expect(second_).toEqual({ ...first, by: 'U0BO000000', until: new Date(start + 6 * minute) });
    expect(world.keeper.mutes.all()).toEqual([second_]);
  });

  test('goes on, and ends, over a restart of Muster; its end is told until somebody says that it was', () => {
    const world = watchUnderTest();
    world.starts('shop:pay');
    world.keeper.mutes.add('shop:pay', 'U0ANA00000', 30 * minute);
    world.restarts({
      planned: true,
      afterMs: 10 * minute,
      meanwhile: () => world.changes('shop:pay', { state: 'stopped', restarting: false }),
    });
    world.passes(minute);
    world.restarts({ planned: true, afterMs: hour });
    world.passes(minute);
    expect(world.mutesOver).toMatchObject([{ kept: [{ agent: 'shop:pay', kind: 'died', times: 1 }] }]);

    world.restarts();
    expect(world.mutesOver).toHaveLength(2);
    const [over] = world.mutesOver;
    if (over) world.keeper.mutes.told(over.mute);
    world.restarts();

    expect(world.mutesOver).toHaveLength(2);
    expect(world.alerts).toEqual([]);
  });

  test('does not keep back that an agent whose death was told is back', () => {
    const world = watchUnderTest();
    world.starts('shop:pay');
    world.dies('shop:pay', exited(1, world.timers.now()));
    world.passes(second);
    world.keeper.mutes.add('shop:pay', 'U0ANA00000', hour);
    world.starts('shop:pay');

    expect(world.messages()).toMatchObject([{ revision: 2, resolvedAt: expect.any(Date) }]);
  });
});
