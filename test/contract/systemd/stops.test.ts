import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { AgentSpec } from '../../../src/domain/agent.ts';
import { type Clock, systemClock } from '../../../src/supervisor/process/clock.ts';
import { createDrainControl } from '../../../src/supervisor/supervisor.ts';
import { readReceipt } from '../../../src/supervisor/systemd/unit-control.ts';
import { isRunning } from '../../fakes/team/agent-tree-on-disk.ts';
import { until } from '../../fakes/until.ts';
import { describeOnSystemd } from './systemd-suite.ts';

const deaf = `sh -c 'trap "" INT HUP TERM; exec sleep 2000'`;
const tail = 'echo $$ >"$0.pid"; exec sleep 1000';
/** What an agent may leave behind; each writes the pid of what it left to `$0.left`. */
const leavers = {
  'a child in a session of its own': `setsid ${deaf} & echo $! >"$0.left"; ${tail}`,
  'a child without any environment': `env -i ${deaf} & echo $! >"$0.left"; ${tail}`,
  'a daemon that has left tree, terminal and environment': `(setsid env -i ${deaf} & echo $! >"$0.left"); ${tail}`,
};

describeOnSystemd('a stop on systemd', (world) => {
  function fileOf({ project, agent }: AgentSpec, suffix: string): string {
    return join(world.harness.root, 'programs', `${project}-${agent}.${suffix}`);
  }

  const show = async (agent: AgentSpec, property: string) =>
    world.manager.systemctl('show', `--property=${property}`, '--value', await world.harness.unitOf(agent));
  const timeout = (agent: AgentSpec) => show(agent, 'TimeoutStopUSec');

  for (const [what, program] of Object.entries(leavers)) {
    it(`is not Graceful while ${what} lives, and leaves nothing alive`, async () => {
      const agent = await world.started(world.harness.agent('dev', program));
      const left = Number(readFileSync(fileOf(agent, 'left'), 'utf8'));
      expect(isRunning(left)).toBe(true);

      const result = await world.harness.supervisor.drain(agent, { budgetMs: 500 });

      expect(result).toMatchObject({ outcome: 'TimedOutKilled', survivors: [] });
      expect(isRunning(left)).toBe(false);
    });
  }

  it('gives what an agent has left behind the rest of the budget', async () => {
    const leaver = `(setsid sh -c 'trap "" INT HUP; sleep 0.7; echo flushed >"$1.flushed"' sh "$0" &); ${tail}`;
    const agent = await world.started(world.harness.agent('dev', leaver));

    const result = await world.harness.supervisor.drain(agent, { budgetMs: 20_000 });

    expect(result).toMatchObject({ outcome: 'Graceful' });
    expect(existsSync(fileOf(agent, 'flushed'))).toBe(true);
  });

  it('types Ctrl-C where an agent reads its keys one by one', async () => {
    const raw = `stty raw -echo; echo $$ >"$0.pid"; dd bs=1 count=1 2>/dev/null | od -An -tx1 >"$0.key"; exit 0`;
    const agent = await world.started(world.harness.agent('dev', raw));

    const result = await world.harness.supervisor.drain(agent, { budgetMs: 20_000 });

    expect(result.outcome).toBe('Graceful');
    expect(readFileSync(fileOf(agent, 'key'), 'utf8').trim()).toBe('03');
  });

  it('ends somebody else’s restart loop while it sleeps', async () => {
    const wrapper = '#!/bin/sh\nwhile :; do PROGRAM; sleep 5; done\n';
    const agent = await world.started(world.harness.agent('dev', 'polite', { wrapper }));

    const result = await world.harness.supervisor.drain(agent, { budgetMs: 20_000 });

    expect(result).toMatchObject({ outcome: 'Graceful', survivors: [] });
    expect(result.signals.map(({ signal }) => signal)).toEqual(['C-c']);
    expect(await world.harness.supervisor.state(agent)).toBe('stopped');
  });

  it('made by hand asks the agent as Muster would, and writes down how it ended', async () => {
    const agent = await world.started(world.harness.agent('dev', 'slow'));

    await world.manager.systemctl('stop', await world.harness.unitOf(agent));

    expect(world.harness.lives(agent)).toBe(false);
    expect(readReceipt(world.harness.root, agent)).toMatchObject({ result: 'success' });
    expect((await world.harness.supervisor.observe([agent])).get(agent.id)).toMatchObject({
      state: 'stopped',
      restarting: false,
      lastEnd: { kind: 'exited', code: 0 },
    });
  });

  it('made by hand keeps to the team’s budget', async () => {
    const supervisor = world.harness.supervisorWith({ budgetMs: 400 });
    const agent = world.harness.agent('dev', 'stubborn');
    await supervisor.up(agent);
    await until('it is ready', () => world.harness.isReady(agent));

    await world.manager.systemctl('stop', await world.harness.unitOf(agent));

    expect(readReceipt(world.harness.root, agent)).toMatchObject({ result: 'timeout' });
    expect((await supervisor.observe([agent])).get(agent.id)).toMatchObject({
      state: 'stopped',
      lastEnd: { kind: 'signalled', signal: 'KILL' },
    });
  });

  it('hangs up and says TERM at the deadline, and kills only what is left half a second later', async () => {
    const heedsTerm = `trap '' INT HUP; trap 'echo flushed >"$0.flushed"; kill $!; exit 0' TERM; sleep 1000 & echo $$ >"$0.pid"; while :; do wait; done`;
    const agent = await world.started(world.harness.agent('dev', heedsTerm));

    const result = await world.harness.supervisor.drain(agent, { budgetMs: 300 });

    expect(result).toMatchObject({ outcome: 'TimedOutKilled', survivors: [] });
    expect(result.signals.map(({ signal }) => signal)).toEqual(['C-c', 'HUP', 'TERM']);
    expect(existsSync(fileOf(agent, 'flushed'))).toBe(true);
  });

  it('without a budget leaves systemd’s receipt, whoever makes it', async () => {
    const supervisor = world.harness.supervisorWith({ budgetMs: 0 });
    for (const name of ['ours', 'by-hand']) {
      const agent = world.harness.agent(name, 'stubborn');
      await supervisor.up(agent);
      await until('it is ready', () => world.harness.isReady(agent));

      if (name === 'ours') await supervisor.drain(agent, { budgetMs: 0 });
      else await world.manager.systemctl('stop', await world.harness.unitOf(agent));

      expect(readReceipt(world.harness.root, agent)).toBeDefined();
      expect(world.harness.lives(agent)).toBe(false);
    }
  });

  it('is ended by systemd at its deadline when Muster does not come to it, and is then called TimedOutKilled', async () => {
    const agent = await world.started(world.harness.agent('dev', 'stubborn'));
    const goOn = Promise.withResolvers<void>();
    const stuckAt = systemClock.now();
    let isStuck = true;
    const stuck: Clock = { now: () => (isStuck ? stuckAt : systemClock.now()), sleep: () => goOn.promise };

    const draining = world.harness.supervisorWith({ clock: stuck }).drain(agent, { budgetMs: 700 });
    // The agent is not the last of its unit to go.
    await until('systemd has killed it', async () => (await show(agent, 'ActiveState')) === 'failed');
    isStuck = false;
    goOn.resolve();

    expect(await draining).toMatchObject({ outcome: 'TimedOutKilled', survivors: [] });
    expect((await draining).signals.map(({ signal }) => signal)).toEqual(['C-c', 'KILL']);
  });

  it('under way is given more time in systemd as well', async () => {
    const agent = await world.started(world.harness.agent('dev', 'stubborn'));
    const control = createDrainControl();

    const draining = world.harness.supervisor.drain(agent, { budgetMs: 60_000, control });
    await until('it has been asked', async () => (await timeout(agent)) === '1min 1s');
    control.extend(60_000);
    await until('systemd knows', async () => (await timeout(agent)) === '2min 1s');
    control.killNow();

    expect(await draining).toMatchObject({ outcome: 'TimedOutKilled', budgetMs: 120_000 });
  });

  it('outlasts its first budget when more was given in time', async () => {
    const slow = `trap 'sleep 2.5; kill $!; exit 0' INT; sleep 1000 & echo $$ >"$0.pid"; wait`;
    const agent = await world.started(world.harness.agent('dev', slow));
    const control = createDrainControl();

    const draining = world.harness.supervisor.drain(agent, { budgetMs: 1500, control });
    await until('it has been asked', async () => (await timeout(agent)).startsWith('2.5'));
    control.extend(20_000);

    expect(await draining).toMatchObject({ outcome: 'Graceful', budgetMs: 21_500 });
    expect((await draining).tookMs).toBeGreaterThan(1500);
  });

  it('leaves no unit and no file of one', async () => {
    const agents = ['a', 'b'].map((name) => world.harness.agent(name, name === 'a' ? 'polite' : 'stubborn'));
    await Promise.all(agents.map(world.started));

    await Promise.all(agents.map((agent) => world.harness.supervisor.drain(agent, { budgetMs: 300 })));

    await world.manager.systemctl('daemon-reload');
    expect(await world.manager.units()).toEqual([]);
    const files = readdirSync(join(world.manager.directory, 'run', 'systemd', 'user'));
    expect(files.filter((file) => file.startsWith('muster-'))).toEqual([]);
  });
});
