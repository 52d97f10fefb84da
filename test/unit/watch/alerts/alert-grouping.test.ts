import { describe, expect, test } from 'vitest';
import type { AgentId } from '../../../../src/domain/agent.ts';
import { hour, minute, second, start } from '../../../fakes/manual-timers.ts';
import { exited, signalled, watchUnderTest } from '../watch-under-test.ts';

const sixty = Array.from({ length: 60 }, (_, number): AgentId => `shop:agent-${number}`);

describe('an agent', () => {
  test('that is found running, or stopped, at the very first look is no news', () => {
    const world = watchUnderTest();

    world.starts('shop:pay');
    world.dies('shop:cart');
    world.passes(hour);

    expect(world.alerts).toEqual([]);
  });

  test('that ends with an exit code has died, after as long as it lived', () => {
    const world = watchUnderTest();
    world.starts('shop:pay');
    world.passes(2 * hour);

    world.dies('shop:pay', exited(3, world.timers.now()));
    world.passes(second);

    const [alert] = world.messages();
    expect(alert?.agents).toEqual([
      {
        id: 'shop:pay',
        deaths: 1,
        firstDeathAt: new Date(start + 2 * hour),
        death: {
          kind: 'died',
          id: 'shop:pay',
          at: new Date(start + 2 * hour),
          end: exited(3, start + 2 * hour),
          livedMs: 2 * hour,
          restarts: false,
        },
      },
    ]);
    expect(alert?.resolvedAt).toBeUndefined();
  });

  test.each(['INT', 'TERM', 'HUP'])('that ends by %s was stopped outside Muster', (signal) => {
    const world = watchUnderTest();
    world.starts('shop:pay', 'shop:cart');
    world.dies('shop:pay', signalled(signal, world.timers.now()));
    world.passes(second);

    expect(world.messages()[0]?.agents[0]?.death?.kind).toBe('stopped-outside');
  });

  test.each(['INT', 'TERM', 'HUP'])('that exits because of %s was stopped outside Muster, too', (askedBy) => {
    const world = watchUnderTest();
    world.starts('shop:pay', 'shop:cart');
    world.dies('shop:pay', { kind: 'exited', code: 0, at: new Date(world.timers.now()), askedBy });
    world.dies('shop:cart', { kind: 'exited', code: 1, at: new Date(world.timers.now()), askedBy });
    world.passes(second);

    expect(world.messages()[0]?.agents.map(({ death }) => death?.kind)).toEqual([
      'stopped-outside',
      'stopped-outside',
    ]);
  });

  test('of which nothing tells how it ended has died', () => {
    const world = watchUnderTest();
    world.starts('shop:pay');
    world.dies('shop:pay');
    world.passes(second);

    expect(world.messages()[0]?.agents[0]?.death).toMatchObject({ kind: 'died', livedMs: 0 });
    expect(world.messages()[0]?.agents[0]?.death?.end).toBeUndefined();
  });

  test('whose end is written down late is told once, with its end edited in', () => {
    const world = watchUnderTest();
    world.starts('shop:pay');
    world.passes(minute);
    const at = world.timers.now();
    world.dies('shop:pay');
    world.passes(second);
    // Written down in whole seconds.
    world.dies('shop:pay', exited(7, at - 600));
    world.passes(second);

    const [alert, ...others] = world.messages();
    expect(others).toEqual([]);
    expect(alert).toMatchObject({
      revision: 2,
      agents: [{ deaths: 1, death: { at: new Date(at), end: { code: 7 }, livedMs: minute } }],
    });
  });

  test('whose loop turns out a moment later to go on is told so at once', () => {
    const world = watchUnderTest();
    world.starts('shop:pay');
    const at = world.timers.now();
    world.dies('shop:pay', exited(7, at));
    world.passes(30);
    world.dies('shop:pay', exited(7, at), true);
    world.passes(second);

    expect(world.alerts).toMatchObject([{ revision: 1, agents: [{ death: { restarts: true } }] }]);
  });

  test('that comes back and dies again is down again', () => {
    const world = watchUnderTest();
    world.starts('shop:pay');
    for (const _ of [1, 2]) {
      world.dies('shop:pay', exited(1, world.timers.now()));
      world.passes(minute);
      if (world.alerts.length === 1) world.starts('shop:pay');
    }

    expect(world.messages()).toMatchObject([{ agents: [{ deaths: 2 }] }]);
    expect(world.messages()[0]?.agents[0]?.back).toBeUndefined();
    expect(world.messages()[0]?.resolvedAt).toBeUndefined();
  });

  test('that ends by itself with success and is started again by its loop is no news', () => {
    const world = watchUnderTest();
    world.starts('shop:pay');
    world.dies('shop:pay', exited(0, world.timers.now()), true);
    world.passes(5 * second);
    world.starts('shop:pay');
    world.passes(minute);

    expect(world.alerts).toEqual([]);
  });

  test('that ends by itself with success and stays down has ended', () => {
    const world = watchUnderTest();
    world.starts('shop:pay');
    world.dies('shop:pay', exited(0, world.timers.now()));
    world.passes(second);

    expect(world.messages()[0]?.agents[0]?.death?.kind).toBe('ended');
  });

  test('that died and comes back by its loop is edited in, and nothing is left to see to', () => {
    const world = watchUnderTest();
    world.starts('shop:pay');
    world.dies('shop:pay', exited(1, world.timers.now()), true);
    world.passes(5 * second);
    world.starts('shop:pay');
    world.passes(second);

    expect(world.messages()).toHaveLength(1);
    expect(world.messages()[0]).toMatchObject({
      agents: [{ death: { restarts: true }, back: { by: 'loop' } }],
      resolvedAt: new Date(start + 5 * second),
    });
  });

  test('whose death is seen only by its next life has died and come back', () => {
    const world = watchUnderTest();
    world.starts('shop:pay');
    world.passes(minute);
    world.starts('shop:pay');
    world.passes(second);

    expect(world.messages()).toMatchObject([
      { agents: [{ death: { kind: 'died' }, back: { by: 'loop' } }], resolvedAt: expect.any(Date) },
    ]);
  });

  test('that is wanted down and stops is no news; started on the host it is wanted up again, by outside', () => {
    const world = watchUnderTest();
    world.starts('shop:pay');
    world.wanted.set(['shop:pay'], 'down', 'U0ANA00000');
    world.dies('shop:pay', signalled('KILL', world.timers.now()));
    world.passes(hour);
    expect(world.alerts).toEqual([]);

    world.starts('shop:pay');

    expect(world.messages()).toMatchObject([
      {
        agents: [{ startedOutside: { wantedDownBy: 'U0ANA00000', wantedDownSince: new Date(start) } }],
        resolvedAt: expect.any(Date),
      },
    ]);
    expect(world.wanted.of('shop:pay')).toMatchObject({ state: 'up', by: 'outside' });
  });

  test('that is gone from the team is seen to no more', () => {
    const world = watchUnderTest();
    world.starts('shop:pay', 'shop:cart');
    world.dies('shop:pay', exited(1, world.timers.now()));
    world.passes(minute);
    world.keeper.follow(new Set<AgentId>(['shop:cart']));

    expect(world.messages()).toMatchObject([{ resolvedAt: expect.any(Date) }]);
  });
});

describe('alerts', () => {
  test('of sixty agents that die at once are one message, which names the cause', () => {
    const world = watchUnderTest();
    world.starts(...sixty);
    for (const id of sixty) {
      world.dies(id, signalled('HUP', world.timers.now()));
      world.passes(10);
    }
    world.passes(minute);

    expect(world.messages()).toHaveLength(1);
    expect(world.messages()[0]?.agents).toHaveLength(60);
    expect(world.messages()[0]?.cause).toEqual({ kind: 'server-gone', agents: 60 });
    expect(world.alerts.map(({ revision }) => revision)).toEqual(
      Array.from({ length: world.alerts.length }, (_, index) => index + 1),
    );
  });

  test('more than ten seconds apart are two messages', () => {
    const world = watchUnderTest();
    world.starts('shop:pay', 'shop:cart');
    world.dies('shop:pay', exited(1, world.timers.now()));
    world.passes(11 * second);
    world.dies('shop:cart', exited(1, world.timers.now()));
    world.passes(second);

    expect(world.messages().map(({ agents }) => agents.map(({ id }) => id))).toEqual([
      ['shop:pay'],
      ['shop:cart'],
    ]);
  });

  test('of a flapping agent are one message, whatever else happens', () => {
    const world = watchUnderTest();
    world.starts('shop:pay', 'shop:cart');
    for (let round = 0; round < 50; round += 1) {
      world.dies('shop:pay', exited(1, world.timers.now()), true);
      world.passes(5 * second);
      world.starts('shop:pay');
      world.passes(14 * minute);
    }

    expect(world.messages()).toHaveLength(1);
    expect(world.messages()[0]).toMatchObject({ agents: [{ deaths: 50 }] });
  });

  test('of an agent that was well for long are two messages', () => {
    const world = watchUnderTest();
    world.starts('shop:pay');
    for (const _ of [1, 2]) {
      world.dies('shop:pay', exited(1, world.timers.now()), true);
      world.passes(5 * second);
      world.starts('shop:pay');
      world.passes(16 * minute);
    }

    expect(world.messages()).toHaveLength(2);
  });

  test('name a want of memory, where the kernel killed for it', () => {
    const world = watchUnderTest();
    world.starts('shop:pay', 'shop:cart');
    world.memoryKills = 1;
    world.dies('shop:pay', signalled('KILL', world.timers.now()));
    world.passes(second);

    expect(world.messages()[0]?.cause).toEqual({ kind: 'out-of-memory', kills: 1 });
  });

  test('name the end that several had in common', () => {
    const world = watchUnderTest();
    world.starts('shop:pay', 'shop:cart', 'shop:lead');
    world.dies('shop:pay', exited(78, world.timers.now()));
    world.passes(second);
    world.dies('shop:cart', exited(78, world.timers.now()));
    world.passes(second);

    expect(world.messages()[0]?.cause).toMatchObject({ kind: 'same-end', agents: 2, end: { code: 78 } });
  });
});

describe('a back-end that cannot be read', () => {
  test('for a moment is no news', () => {
    const world = watchUnderTest();
    world.starts('shop:pay');
    world.cannotBeRead('shop:pay');
    world.passes(second);
    world.starts('shop:pay');
    world.dies('shop:pay', exited(0, world.timers.now()), true);
    world.passes(minute);

    expect(world.alerts.flatMap(({ host }) => host)).toEqual([]);
  });

  test('is told once for all its agents, and that it can be read again', () => {
    const world = watchUnderTest();
    world.starts('shop:pay', 'shop:cart');
    const [pay, cart] = [world.of('shop:pay'), world.of('shop:cart')];
    const since = world.timers.now();
    world.cannotBeRead('shop:pay', 'shop:cart');
    world.passes(hour);
    world.sees('shop:pay', pay);
    world.sees('shop:cart', cart);
    world.passes(hour);

    expect(world.alerts).toHaveLength(2);
    expect(world.alerts[0]).toMatchObject({
      host: [{ kind: 'unreadable', at: new Date(since), agents: ['shop:pay', 'shop:cart'] }],
    });
    expect(world.alerts[1]).toMatchObject({
      id: world.alerts[0]?.id,
      host: [{ kind: 'unreadable' }, { kind: 'readable', agents: ['shop:pay', 'shop:cart'] }],
      resolvedAt: new Date(since + hour),
    });
  });

  test('is not told anew by the next Muster', () => {
    const world = watchUnderTest();
    world.starts('shop:pay');
    world.cannotBeRead('shop:pay');
    world.passes(minute);
    world.keeper.told('A-1', 1, { channel: 'C0ALERTS00', ts: '1.1' });
    world.restarts();
    world.passes(minute);

    expect(world.alerts).toHaveLength(1);
  });

  test('does not hide what happened meanwhile', () => {
    const world = watchUnderTest();
    world.starts('shop:pay');
    world.passes(minute);
    world.cannotBeRead('shop:pay');
    world.passes(minute);
    world.dies('shop:pay', exited(4, world.timers.now() - 30 * second));
    world.passes(second);

    expect(world.messages()).toMatchObject([
      { host: [{ kind: 'unreadable' }, { kind: 'readable' }] },
      { agents: [{ death: { kind: 'died', livedMs: 90 * second } }] },
    ]);
  });
});

describe('a restart of Muster', () => {
  test('neither repeats what was told nor forgets what was not', () => {
    const world = watchUnderTest();
    world.starts('shop:pay', 'shop:cart');
    world.dies('shop:pay', exited(1, world.timers.now()));
    world.passes(minute);
    world.keeper.told('A-1', 1, { channel: 'C0ALERTS00', ts: '1.1' });
    world.dies('shop:cart', exited(1, world.timers.now()));
    world.passes(second);

    world.restarts();
    world.passes(second);

    expect(world.alerts.map(({ id, revision }) => `${id} ${revision}`)).toEqual(['A-1 1', 'A-2 1', 'A-2 1']);
  });

  test('in the moment between a death and its alert does not lose it', () => {
    const world = watchUnderTest();
    world.starts('shop:pay');
    world.passes(minute);
    world.dies('shop:pay', exited(1, world.timers.now()));
    world.restarts();
    world.passes(second);

    expect(world.messages()).toMatchObject([{ agents: [{ deaths: 1 }] }]);
  });

  test('goes on with the message that it had posted', () => {
    const world = watchUnderTest();
    world.starts('shop:pay');
    world.dies('shop:pay', exited(1, world.timers.now()));
    world.passes(second);
    const message = { channel: 'C0ALERTS00', ts: '1.1' };
    world.keeper.told('A-1', 1, message);
    world.restarts({ planned: true, afterMs: hour });
    world.starts('shop:pay');
    world.passes(second);

    expect(world.messages()).toMatchObject([
      { id: 'A-1', revision: 2, message, resolvedAt: expect.any(Date) },
    ]);
  });

  test('that had been planned is no news where nothing happened', () => {
    const world = watchUnderTest();
    world.starts('shop:pay');
    world.passes(minute);
    world.restarts({ planned: true, afterMs: 8 * hour });
    world.passes(hour);

    expect(world.alerts).toEqual([]);
  });

  test('after a silence says from when to when, and what happened meanwhile', () => {
    const world = watchUnderTest();
    world.starts('shop:pay', 'shop:cart', 'shop:lead');
    world.passes(2 * minute);
    const lastBeat = world.timers.now();
    world.restarts({
      afterMs: 7 * minute,
      meanwhile() {
        const lastEnd = exited(9, lastBeat + minute);
        world.changes('shop:pay', { state: 'stopped', restarting: false, lastEnd });
      },
    });
    world.passes(second);

    expect(world.messages()).toMatchObject([
      {
        host: [{ kind: 'blind', from: new Date(lastBeat), at: new Date(lastBeat + 7 * minute) }],
        agents: [{ id: 'shop:pay', death: { at: new Date(lastBeat + minute), livedMs: 3 * minute } }],
      },
    ]);
  });

  test('after a reboot tells once who is not there any more, and that until they are back', () => {
    const world = watchUnderTest();
    world.starts('shop:pay', 'shop:cart');
    world.passes(minute);
    world.restarts({
      afterMs: 5 * minute,
      bootId: 'boot-2',
      meanwhile() {
        for (const id of ['shop:pay', 'shop:cart'] as const) {
          world.changes(id, { state: 'stopped', restarting: false });
        }
      },
    });
    world.passes(minute);
    world.starts('shop:pay');
    world.passes(second);

    expect(world.messages()).toHaveLength(1);
    expect(world.messages()[0]).toMatchObject({
      cause: { kind: 'rebooted' },
      host: [{ kind: 'blind' }, { kind: 'rebooted', agents: ['shop:pay', 'shop:cart'] }],
      agents: [
        { id: 'shop:pay', deaths: 0, lostAtReboot: true, back: { by: 'outside' } },
        { id: 'shop:cart', deaths: 0, lostAtReboot: true },
      ],
    });
    expect(world.messages()[0]?.resolvedAt).toBeUndefined();
  });
});
