import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { expect, it } from 'vitest';
import type { AgentSpec } from '../../../src/domain/agent.ts';
import type { SystemdSupervisor } from '../../../src/supervisor/systemd/systemd-supervisor.ts';
import { createSystemdHarness } from '../../fakes/systemd/systemd-harness.ts';
import { until } from '../../fakes/until.ts';
import { describeOnSystemd } from './systemd-suite.ts';

describeOnSystemd('agents on systemd', (world) => {
  const look = async (agent: AgentSpec, supervisor: SystemdSupervisor = world.harness.supervisor) =>
    (await supervisor.observe([agent])).get(agent.id);

  /** A program in place of systemctl, in front of the real one on the PATH. */
  function instead(text: string): Record<string, string> {
    const bin = join(world.harness.root, 'instead');
    mkdirSync(bin);
    writeFileSync(join(bin, 'systemctl'), `#!/bin/sh\n${text}\n`);
    chmodSync(join(bin, 'systemctl'), 0o755);
    return { ...world.manager.env, PATH: `${bin}:${world.manager.env.PATH}` };
  }

  async function refusesEverything(supervisor: SystemdSupervisor, agent: AgentSpec, words: RegExp) {
    await expect(supervisor.up(agent)).rejects.toThrow(words);
    await expect(supervisor.down(agent)).rejects.toThrow(words);
    await expect(supervisor.drain(agent, { budgetMs: 0 })).rejects.toThrow(words);
    expect(world.harness.lives(agent)).toBe(true);
  }

  it('whose names only look alike are told apart, in one tree and in two', async () => {
    const other = createSystemdHarness(world.manager);
    const first = world.harness.agent('c', 'polite', { project: 'a-b' });
    const second = world.harness.agent('b-c', 'polite', { project: 'a' });
    const elsewhere = other.agent('c', 'polite', { project: 'a-b' });
    await Promise.all([
      world.started(first),
      world.harness.supervisor.up(second),
      other.supervisor.up(elsewhere),
    ]);

    await world.harness.supervisor.down(first);

    expect((await look(first))?.state).toBe('stopped');
    expect((await look(second))?.state).toBe('running');
    expect((await look(elsewhere, other.supervisor))?.state).toBe('running');
    await other.stop();
  });

  it('are not known when the bus is gone', async () => {
    const agent = await world.started(world.harness.agent('dev', 'polite'));
    const env = { ...world.manager.env, XDG_RUNTIME_DIR: join(world.harness.root, 'nowhere') };
    const supervisor = world.harness.supervisorWith({ env });

    expect(await look(agent, supervisor)).toMatchObject({
      state: 'unknown',
      reason: expect.stringContaining('systemctl list-units: Failed to connect to bus'),
    });
    await refusesEverything(supervisor, agent, /Failed to connect to bus/);
  });

  it('are not known when there is no systemctl', async () => {
    const agent = await world.started(world.harness.agent('dev', 'polite'));
    const supervisor = world.harness.supervisorWith({ env: { ...world.manager.env, PATH: '/nowhere' } });

    expect(await look(agent, supervisor)).toEqual({
      state: 'unknown',
      reason: 'systemctl list-units: there is no systemctl on the PATH',
    });
    await refusesEverything(supervisor, agent, /no systemctl on the PATH/);
  });

  it('are not known when systemctl hangs, and that is said within two seconds', async () => {
    const agent = await world.started(world.harness.agent('dev', 'polite'));
    const supervisor = world.harness.supervisorWith({
      // What it leaves running holds its output open, as a hung program's children do.
      env: instead('sleep 3; exit 1'),
      commandTimeoutMs: 300,
      observeTimeoutMs: 1500,
    });

    const askedAt = performance.now();
    expect(await look(agent, supervisor)).toEqual({
      state: 'unknown',
      reason: 'systemctl list-units did not answer within 1.5 s',
    });
    expect(performance.now() - askedAt).toBeLessThan(2000);
    await refusesEverything(supervisor, agent, /did not answer within 0.3 s/);
  });

  it('are not known while the manager itself hangs', async () => {
    const agent = await world.started(world.harness.agent('dev', 'polite'));
    process.kill(world.manager.pid(), 'SIGSTOP');
    try {
      const supervisor = world.harness.supervisorWith({ observeTimeoutMs: 300 });
      expect(await look(agent, supervisor)).toMatchObject({ state: 'unknown' });
    } finally {
      process.kill(world.manager.pid(), 'SIGCONT');
    }
    expect((await look(agent))?.state).toBe('running');
  });

  it('are not known when systemctl says what cannot be read', async () => {
    const agent = world.harness.agent('dev', 'polite');
    const supervisor = world.harness.supervisorWith({ env: instead('echo no json') });

    expect(await look(agent, supervisor)).toMatchObject({
      state: 'unknown',
      reason: expect.stringContaining('no json'),
    });
  });

  it('are looked at with one question, however many', async () => {
    const log = join(world.harness.root, 'asked');
    const env = instead(`echo "$*" >>'${log}'; PATH="\${PATH#*:}" exec systemctl "$@"`);
    const agents = await Promise.all(
      ['a', 'b', 'c', 'd'].map((name) => world.started(world.harness.agent(name, 'polite'))),
    );
    const idle = world.harness.agent('idle', 'polite');

    const seen = await world.harness.supervisorWith({ env }).observe([...agents, idle]);

    expect([...seen.values()].map(({ state }) => state)).toEqual([...agents.map(() => 'running'), 'stopped']);
    expect(readFileSync(log, 'utf8').trim().split('\n')).toHaveLength(1);
  });

  it('are started again when they end by themselves, and it is known how they ended', async () => {
    const supervisor = world.harness.supervisorWith({ restart: { delayMs: 100 } });
    const agent = world.harness.agent(
      'dev',
      'echo $$ >"$0.pid"; [ -e "$0.once" ] && exec sleep 1000; until [ -e "$0.once" ]; do sleep 0.1; done; exit 3',
    );
    await supervisor.up(agent);
    const first = await look(agent);
    writeFileSync(join(world.harness.root, 'programs', 'shop-dev.once'), '');

    const second = await until('it lives again', async () => {
      const now = await look(agent);
      return now?.state === 'running' && now.lastEnd ? now : undefined;
    });

    expect(second).toMatchObject({ lastEnd: { kind: 'exited', code: 3 } });
    expect(second.state === 'running' && second.incarnation).not.toEqual(
      first?.state === 'running' && first.incarnation,
    );
  });

  it('that end over and over are given up in the end, which is said and can be mended', async () => {
    const supervisor = world.harness.supervisorWith({ restart: { delayMs: 10, starts: 3 } });
    const agent = world.harness.agent(
      'dev',
      '[ -e "$0.mended" ] || exit 7; echo $$ >"$0.pid"; exec sleep 1000',
    );
    await expect(supervisor.up(agent)).rejects.toThrow(/ended right after its start \(exit code 7\)/);

    const given = await until('systemd has given up', async () => {
      const now = await look(agent, supervisor);
      return now?.state === 'stopped' && now.gaveUp ? now : undefined;
    });
    expect(given).toMatchObject({
      restarting: false,
      gaveUp: expect.stringContaining('3 times within 300 s'),
    });

    writeFileSync(join(world.harness.root, 'programs', 'shop-dev.mended'), '');
    await supervisor.up(agent);
    expect((await look(agent, supervisor))?.state).toBe('running');
  });

  it('that were stopped by hand, by force and after many starts, are not called given up', async () => {
    const restart = { delayMs: 2000, starts: 3 };
    const supervisor = world.harness.supervisorWith({ restart, budgetMs: 1000 });
    const agent = world.harness.agent(
      'dev',
      `echo life >>"$0.lives"; [ "$(wc -l <"$0.lives")" -ge 3 ] || exit 7; trap '' INT; echo $$ >"$0.pid"; exec sleep 1000`,
    );
    // Its first life is no start, unless the host is so busy that it lasts like one.
    await Promise.allSettled([supervisor.up(agent)]);
    await until('it lives for the third time', () => world.harness.isReady(agent));

    await world.manager.systemctl('stop', await world.harness.unitOf(agent));

    const stopped = await look(agent, supervisor);
    expect(stopped).toMatchObject({ state: 'stopped', restarting: false });
    expect(stopped).not.toHaveProperty('gaveUp');
  });

  it('that wait for their next start are stopped and restarting, and a drain ends that', async () => {
    const agent = world.harness.agent('dev', 'dies-at-once');
    await expect(world.harness.supervisor.up(agent)).rejects.toThrow(/systemd goes on trying/);
    expect(await look(agent)).toMatchObject({ state: 'stopped', restarting: true });

    const result = await world.harness.supervisor.drain(agent, { budgetMs: 20_000 });

    expect(result).toMatchObject({ outcome: 'Graceful', signals: [] });
    expect(await look(agent)).toMatchObject({ state: 'stopped', restarting: false });
  });

  it('are not started beside one that something else keeps running', async () => {
    const agent = world.harness.agent('dev', 'polite');
    const env = { ...process.env, RUNTIME: 'shop-dev', TEAMCTL_ROOT: world.harness.root };
    const outside = spawn(agent.wrapper, [agent.id], { env, detached: true, stdio: 'ignore' });
    const ended = once(outside, 'exit');
    await until('it runs', () => world.harness.isReady(agent));

    await expect(world.harness.supervisor.up(agent)).rejects.toThrow(
      `cannot start shop:dev: it runs already, outside of systemd: pid ${outside.pid}`,
    );

    process.kill(-Number(outside.pid), 'SIGKILL');
    await ended;
  });

  it('get every value unchanged, whatever is in it or in the path of their tree', async () => {
    const odd = {
      A: ' two  words ',
      B: `it's "q" \\ \\n`,
      C: '$HOME $X %h %% $(id) `id`',
      D: '#;&|* ? [a] é日',
    };
    const harness = createSystemdHarness(world.manager, `it's $HOME %h; #[x]* é`);
    const inherited = { ...odd, E: 'two\nlines\n', F: '' };
    const supervisor = harness.supervisorWith({
      env: {
        ...world.manager.env,
        ...Object.fromEntries(Object.entries(inherited).map(([k, v]) => [`IN_${k}`, v])),
      },
    });
    const agent = harness.agent('dev', `env -0 >"$0.env"; ${'echo $$ >"$0.pid"; exec sleep 1000'}`, {
      env: odd,
    });

    await supervisor.up(agent);
    await until('it is ready', () => harness.isReady(agent));

    const seen = Object.fromEntries(
      readFileSync(join(harness.root, 'programs', 'shop-dev.env'), 'utf8')
        .split('\0')
        .map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
    );
    expect(seen).toMatchObject(odd);
    expect(seen).toMatchObject(
      Object.fromEntries(Object.entries(inherited).map(([name, value]) => [`IN_${name}`, value])),
    );
    expect(seen).toMatchObject({ SHELL: '/bin/sh', TERM: 'xterm-256color' });
    expect(seen).not.toHaveProperty('MUSTER_RUN_ONCE');
    expect((await look(agent, supervisor))?.state).toBe('running');
    expect(await supervisor.drain(agent, { budgetMs: 20_000 })).toMatchObject({ outcome: 'Graceful' });
    await harness.stop();
  });
});
