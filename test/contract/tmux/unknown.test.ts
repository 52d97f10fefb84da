import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AgentSpec } from '../../../src/domain/agent.ts';
import type { Observation } from '../../../src/domain/observation.ts';
import type { TmuxSupervisor } from '../../../src/supervisor/tmux/tmux-supervisor.ts';
import { createTmuxHarness, type TmuxHarness } from '../../fakes/tmux/tmux-harness.ts';
import { until } from '../../fakes/until.ts';

describe('what tmux cannot be asked about is unknown, never stopped', () => {
  let harness: TmuxHarness;
  let agent: AgentSpec;

  beforeEach(async () => {
    harness = createTmuxHarness();
    agent = harness.agent('dev', 'polite');
    await harness.supervisor.up(agent);
    await until('it is ready', () => harness.isReady(agent));
  });

  afterEach(() => harness.stop());

  async function look(supervisor: TmuxSupervisor): Promise<Observation | undefined> {
    return (await supervisor.observe([agent])).get(agent.id);
  }

  async function refusesEverything(supervisor: TmuxSupervisor, words: RegExp): Promise<void> {
    await expect(supervisor.up(agent)).rejects.toThrow(words);
    await expect(supervisor.down(agent)).rejects.toThrow(words);
    await expect(supervisor.drain(agent, { budgetMs: 0 })).rejects.toThrow(words);
    await expect(supervisor.lastLines(agent, 5)).rejects.toThrow(words);
    expect(harness.lives(agent)).toBe(true);
  }

  it('when there is no tmux on the PATH', async () => {
    const supervisor = harness.supervisorWith({ env: { ...harness.server.env, PATH: '/nowhere' } });

    expect(await look(supervisor)).toEqual({
      state: 'unknown',
      reason: 'tmux list-panes: there is no tmux on the PATH',
    });
    await refusesEverything(supervisor, /no tmux on the PATH/);
  });

  it('when the tmux found cannot be run', async () => {
    const bin = join(harness.server.directory, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'tmux'), 'not a program');
    const supervisor = harness.supervisorWith({ env: { ...harness.server.env, PATH: bin } });

    expect(await look(supervisor)).toMatchObject({
      state: 'unknown',
      reason: expect.stringContaining('Permission denied'),
    });
  });

  it('when its server names a process as its pane’s that is not its child', async () => {
    const bin = join(harness.server.directory, 'bin');
    mkdirSync(bin);
    const others = harness.pidOf(agent) ?? 0;
    const pane = [1, '$1', '@1', '%1', others, 0, agent.session, `${agent.wrapper} ${agent.id}`].join('\t');
    writeFileSync(join(bin, 'tmux'), `#!/bin/sh\ncat <<'END'\n${pane}\nEND\n`, { mode: 0o755 });
    const supervisor = harness.supervisorWith({
      env: { ...harness.server.env, PATH: `${bin}:${harness.server.env.PATH}` },
    });

    expect(await look(supervisor)).toEqual({
      state: 'unknown',
      reason: `the tmux server (pid 1) says that its pane %1 runs pid ${others}, which is no child of it: either it runs in another container, or somebody has made that up`,
    });
    await refusesEverything(supervisor, /no child of it/);
  });

  it('when its socket cannot be reached', async () => {
    const supervisor = harness.supervisorWith({
      env: { ...harness.server.env, TMUX: '/dev/null/socket,1,0' },
    });

    expect(await look(supervisor)).toMatchObject({ state: 'unknown' });
    await refusesEverything(supervisor, /tmux list-panes: .*\/dev\/null\/socket/);
  });

  it.skipIf(process.getuid?.() !== 0)(
    'when its socket belongs to somebody else (needs root to be tried)',
    async () => {
      const bin = join(harness.server.directory, 'bin');
      mkdirSync(bin);
      const asNobody = `#!/bin/sh\nexec setpriv --reuid=65534 --regid=65534 --clear-groups /usr/bin/env PATH="${harness.server.env.PATH}" tmux "$@"\n`;
      writeFileSync(join(bin, 'tmux'), asNobody, { mode: 0o755 });
      const socket = await harness.server.tmux('display-message', '-p', '#{socket_path}');
      const supervisor = harness.supervisorWith({
        env: { ...harness.server.env, PATH: `${bin}:${harness.server.env.PATH}`, TMUX: `${socket},1,0` },
      });

      expect(await look(supervisor)).toMatchObject({
        state: 'unknown',
        reason: expect.stringContaining('Permission denied'),
      });
      await refusesEverything(supervisor, /Permission denied/);
    },
  );

  it('when the server hangs, and says so within two seconds', async () => {
    const serverPid = await until('the server tells its pid', () => harness.server.pid());
    const supervisor = harness.supervisorWith({ commandTimeoutMs: 300 });
    process.kill(serverPid, 'SIGSTOP');

    try {
      const askedAt = performance.now();
      expect(await look(supervisor)).toEqual({
        state: 'unknown',
        reason: 'tmux list-panes did not answer within 1.5 s',
      });
      expect(performance.now() - askedAt).toBeLessThan(2000);
      await refusesEverything(supervisor, /did not answer within 0.3 s/);
    } finally {
      process.kill(serverPid, 'SIGCONT');
    }
    expect(await harness.supervisor.state(agent)).toBe('running');
  });

  it('but a host without a tmux server has nothing running, and that is known', async () => {
    await harness.server.tmux('kill-server');
    await until('it has gone', async () => (await harness.server.pid()) === undefined);

    expect(await look(harness.supervisor)).toMatchObject({ state: 'stopped', restarting: false });
  });

  it('nor does a server without sessions have anything running', async () => {
    await harness.server.tmux(
      'set-option',
      '-g',
      'exit-empty',
      'off',
      ';',
      'kill-session',
      '-t',
      `=${agent.session}:`,
    );
    await until('its only session has gone', async () => (await harness.server.tmux('list-sessions')) === '');

    expect(await look(harness.supervisor)).toMatchObject({ state: 'stopped' });
    await harness.supervisor.up(agent);
    expect(await look(harness.supervisor)).toMatchObject({ state: 'running' });
  });

  it('a socket left behind by a killed server is no server', async () => {
    const serverPid = await until('the server tells its pid', () => harness.server.pid());
    process.kill(serverPid, 'SIGKILL');
    await until('its agents have gone', () => !harness.lives(agent));

    expect(await look(harness.supervisor)).toMatchObject({ state: 'stopped' });
    await harness.supervisor.up(agent);
    expect(await harness.supervisor.state(agent)).toBe('running');
  });
});
