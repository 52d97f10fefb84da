import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AgentSpec } from '../../../src/domain/agent.ts';
import type { Observation } from '../../../src/domain/observation.ts';
import type { TmuxSupervisor } from '../../../src/supervisor/tmux/tmux-supervisor.ts';
import { argvOf, createAgentTree, isRunning } from '../../fakes/team/agent-tree-on-disk.ts';
import { createTmuxHarness, type TmuxHarness } from '../../fakes/tmux/tmux-harness.ts';
import { until } from '../../fakes/until.ts';

/** Each is what a person may have in their `.tmux.conf`. */
const configurations = {
  'a hook renames new sessions': `set-hook -g after-new-session 'rename-session "mine#{session_id}"'`,
  'a hook renames created sessions': `set-hook -g session-created 'rename-session "mine#{session_id}"'`,
  'a hook gives every session the same name': `set-hook -g after-new-session 'rename-session mine'`,
  'a hook fails': `set-hook -g after-new-session 'rename-session -t nowhere mine'`,
  'a program of a hook fails': `set-hook -g after-new-session 'run-shell "exit 3"'`,
  'a program of a hook is missing': `set-hook -g after-new-session 'run-shell nowhere'`,
  'a hook takes its time': `set-hook -g after-new-session 'run-shell "sleep 60"'`,
  'a hook says something': `set-hook -g after-new-session 'display-message -p "welcome"'`,
  'a hook splits new windows': `set-hook -g after-new-session 'split-window -b'`,
  'a hook moves new panes to another session': `new-session -d -s elsewhere
    set-hook -g after-new-session 'join-pane -t =elsewhere:'`,
  'a hook moves new windows to another session': `new-session -d -s elsewhere
    set-hook -g after-new-session 'move-window -d -t =elsewhere:'`,
  'a hook shows new windows in another session as well': `new-session -d -s elsewhere
    set-hook -g after-new-session 'link-window -d -t =elsewhere:'`,
  'sessions of the agents’ names are restored': 'new-session -d -s t-shop-dev\nnew-session -d -s t-shop-qa',
  'sessions end while nobody is attached': 'set-option -g destroy-unattached on',
  'a hook ends sessions while nobody is attached': `set-hook -g session-created 'set-option -g destroy-unattached on'`,
  'dead panes stay': 'set-option -g remain-on-exit on',
} as const;

/** They close what was started: at once, or as soon as the file is there. */
const hostile = {
  'a hook kills new sessions': (isReady: string) => `new-session -d -s mine
    set-hook -g after-new-session 'run-shell "${isReady}" ; kill-session'`,
  'a hook kills created sessions': (isReady: string) => `new-session -d -s mine
    set-hook -g session-created 'run-shell "${isReady}" ; kill-session'`,
  'a hook kills the server': (isReady: string) =>
    `set-hook -g after-new-session 'run-shell "${isReady}" ; kill-server'`,
};

/** Ends with the first hang-up, and leaves the agent to itself. */
const frailWrapper = '#!/bin/sh\nPROGRAM\n';

describe('on tmux, whatever its configuration does to a new session', () => {
  let harness: TmuxHarness;

  beforeEach(() => {
    harness = createTmuxHarness();
  });

  afterEach(() => harness.stop());

  /** A Muster that has just been started, with this configuration in its user's home. */
  function muster(configuration = ''): TmuxSupervisor {
    const configFile = join(harness.server.directory, 'tmux.conf');
    writeFileSync(configFile, `${configuration}\n`);
    return harness.supervisorWith({ configFile, observeTimeoutMs: 10_000, commandTimeoutMs: 3000 });
  }

  /** Of the agent's program, however many run. */
  function livesOf({ project, agent }: AgentSpec): readonly number[] {
    const program = join(harness.root, 'programs', `${project}-${agent}`);
    return harness.server.processes().filter((pid) => argvOf(pid).slice(0, 2).includes(program));
  }

  async function started(agent: AgentSpec, supervisor: TmuxSupervisor): Promise<AgentSpec> {
    await supervisor.up(agent);
    await until(`${agent.id} is ready`, () => harness.isReady(agent));
    return agent;
  }

  it.each(Object.entries(configurations))(
    'where %s, an agent is started once, seen, asked politely, and stopped',
    async (_, configuration) => {
      const agent = harness.agent('dev', 'polite');
      const bystander = await started(harness.agent('qa', 'polite'), muster(configuration));
      const told: Observation[] = [];
      const watch = muster().watch([agent], ({ after }) => told.push(after));
      await started(agent, muster(configuration));
      const [pid] = livesOf(agent);
      await until('the watch has told its start', () => told.at(-1)?.state === 'running');

      expect((await muster().observe([agent])).get(agent.id)).toMatchObject({
        state: 'running',
        incarnation: { pid },
      });
      await muster(configuration).up(agent);
      expect(livesOf(agent)).toEqual([pid]);
      forgetLives();
      await muster(configuration).up(agent);
      expect(livesOf(agent)).toEqual([pid]);

      expect(await muster().drain(agent, { budgetMs: 20_000 })).toMatchObject({
        outcome: 'Graceful',
        signals: [{ signal: 'C-c', processes: 1 }],
        survivors: [],
        strays: [],
      });
      expect(livesOf(agent)).toEqual([]);
      expect(await muster().state(agent)).toBe('stopped');
      await until('the watch has told its end', () => told.at(-1)?.state === 'stopped');
      await watch.close();
      expect(told.filter(({ state }) => state === 'running')).toEqual([
        expect.objectContaining({ incarnation: expect.objectContaining({ pid }) }),
      ]);

      await started(agent, muster(configuration));
      expect(livesOf(agent)).toHaveLength(1);
      expect(await muster().down(agent)).toMatchObject({ wasRunning: true, survivors: [] });
      expect(livesOf(agent)).toEqual([]);
      expect(livesOf(bystander)).toEqual([harness.pidOf(bystander)]);
    },
  );

  it.each(Object.entries(hostile))(
    'where %s, a start that fails has left nothing alive',
    async (_, configuration) => {
      const agent = harness.agent('dev', 'polite');

      for (let time = 1; time <= 2; time += 1) {
        await expect(muster(configuration('true')).up(agent)).rejects.toThrow(
          'look for a hook on new sessions',
        );
        expect(livesOf(agent)).toEqual([]);
        expect(await muster().state(agent)).toBe('stopped');
      }
    },
  );

  it.each(Object.entries(hostile))(
    'where %s, a start names what has outlived that, nothing is started beside it, and a down ends it',
    async (_, configuration) => {
      const agent = harness.agent('dev', "trap '' INT TERM HUP; echo $$ >$0.pid; while :; do sleep 1; done", {
        wrapper: frailWrapper,
      });
      const isReady = `until [ -s ${join(harness.root, 'programs/shop-dev.pid')} ]; do sleep 0.01; done`;

      await expect(muster(configuration(isReady)).up(agent)).rejects.toThrow(
        /^cannot start shop:dev: its tmux session was closed at once, as a hook .*; pid \d+ has outlived it, and a drain or down of shop:dev ends it/,
      );
      const [pid] = livesOf(agent);
      expect(pid).toBe(harness.pidOf(agent));
      expect((await muster().observe([agent])).get(agent.id)).toMatchObject({ outlived: true });
      await expect(muster(configuration('true')).up(agent)).rejects.toThrow(`pid ${pid} `);
      expect(livesOf(agent)).toEqual([pid]);

      expect(await muster().down(agent)).toMatchObject({ wasRunning: true, survivors: [] });
      expect(livesOf(agent)).toEqual([]);
      expect(await muster().state(agent)).toBe('stopped');
    },
  );

  it('where the server ends while nobody is attached, a start that fails names the option that does it', async () => {
    const agent = harness.agent('dev', 'polite');

    await expect(muster('set-option -s exit-unattached on').up(agent)).rejects.toThrow(
      'cannot start shop:dev: its tmux session was closed at once, as that server ends while nobody is attached to it; take exit-unattached out of its configuration',
    );
    expect(livesOf(agent)).toEqual([]);
    expect(await muster().state(agent)).toBe('stopped');
  });

  it('an agent that teamctl started and a person has moved is seen and asked where it is', async () => {
    const agent = harness.agent('dev', 'polite');
    const command = `set -a; . ${agent.envFile}; exec ${agent.wrapper} ${agent.id}`;
    await harness.server.tmux('new-session', '-d', '-s', agent.session, '-c', agent.cwd, command);
    await until('it is ready', () => harness.isReady(agent));
    const pid = harness.pidOf(agent);
    await harness.server.tmux('rename-session', '-t', `=${agent.session}:`, 'mine');

    expect(await muster().state(agent)).toBe('running');
    await muster().up(agent);
    expect(livesOf(agent)).toEqual([pid]);
    expect(await muster().drain(agent, { budgetMs: 20_000 })).toMatchObject({ outcome: 'Graceful' });
    expect(isRunning(pid)).toBe(false);
  });

  it('two lives that somebody has begun under two names are both stopped', async () => {
    const agent = await started(harness.agent('dev', 'polite'), muster());
    await harness.server.tmux('rename-session', '-t', `=${agent.session}:`, 'mine');
    const command = `set -a; . ${agent.envFile}; exec ${agent.wrapper} ${agent.id}`;
    await harness.server.tmux('new-session', '-d', '-s', agent.session, '-c', agent.cwd, command);
    await until('there are two', () => livesOf(agent).length === 2);

    expect(await muster().drain(agent, { budgetMs: 20_000 })).toMatchObject({
      outcome: 'Graceful',
      signals: [{ signal: 'C-c', processes: 2 }],
    });
    expect(livesOf(agent)).toEqual([]);
    expect(await muster().state(agent)).toBe('stopped');
  });

  it.each([
    ['joined to that of another', ['join-pane', '-d', '-s', '=QA:', '-t', '=DEV:']],
    ['swapped with that of another', ['swap-pane', '-d', '-s', '=QA:', '-t', '=DEV:']],
  ])('an agent whose pane is %s is stopped alone, and only where it is named', async (_how, command) => {
    const dev = await started(harness.agent('dev', 'polite'), muster());
    const qa = await started(harness.agent('qa', 'polite'), muster());
    const [devPid, qaPid] = [harness.pidOf(dev), harness.pidOf(qa)];
    await harness.server.tmux(
      ...command.map((word) => word.replace('QA', qa.session).replace('DEV', dev.session)),
    );

    const seen = await muster().observe([dev, qa]);
    expect([seen.get(dev.id), seen.get(qa.id)]).toMatchObject([
      { state: 'running', incarnation: { pid: devPid } },
      { state: 'running', incarnation: { pid: qaPid } },
    ]);
    expect(await muster().drain(dev, { budgetMs: 20_000 })).toMatchObject({
      outcome: 'Graceful',
      signals: [{ signal: 'C-c', processes: 1 }],
    });
    expect([livesOf(dev), livesOf(qa)]).toEqual([[], [qaPid]]);
  });

  it('a session that has the name of an agent and another one in it makes that agent neither running nor stopped with it', async () => {
    const qa = await started(harness.agent('qa', 'polite'), muster());
    const dev = harness.agent('dev', 'polite');
    const qaPid = harness.pidOf(qa);
    await harness.server.tmux('rename-session', '-t', `=${qa.session}:`, dev.session);

    expect(await muster().state(dev)).toBe('stopped');
    await started(dev, muster());
    await muster().down(dev);
    expect([livesOf(dev), livesOf(qa)]).toEqual([[], [qaPid]]);
  });

  it('an agent of another team whose directory ends with this team’s path is another agent', async () => {
    const longer = createAgentTree(join(harness.server.directory, 'more', harness.root));
    const other = longer.agent('dev', 'polite', { prefix: 'more-' });
    const agent = harness.agent('dev', 'polite');
    const supervisor = harness.supervisorWith({ root: longer.root, observeTimeoutMs: 10_000 });
    await supervisor.up(other);
    await until('it is ready', () => isRunning(longer.pidOf(other)));

    expect(await supervisor.state(other)).toBe('running');
    expect(await muster().state(agent)).toBe('stopped');
    expect(await muster().down(agent)).toMatchObject({ wasRunning: false, signals: [] });
    expect(isRunning(longer.pidOf(other))).toBe(true);
  });

  function forgetLives(): void {
    rmSync(join(harness.root, 'state/muster/lives'), { recursive: true, force: true });
  }
});
