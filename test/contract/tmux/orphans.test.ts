import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AgentSpec } from '../../../src/domain/agent.ts';
import type { Observation } from '../../../src/domain/observation.ts';
import type { TmuxSupervisor } from '../../../src/supervisor/tmux/tmux-supervisor.ts';
import { isRunning } from '../../fakes/team/agent-tree-on-disk.ts';
import { createTmuxHarness, type TmuxHarness } from '../../fakes/tmux/tmux-harness.ts';
import { until } from '../../fakes/until.ts';

/** Ends with the first hang-up, and leaves the agent to itself. */
const frailWrapper = '#!/bin/sh\nPROGRAM\n';
const deafToHangUps = `trap '' HUP; trap 'kill $!; exit 0' INT; sleep 1000 & echo $$ >"$0.pid"; wait`;

describe('on tmux, an agent that outlives its session', () => {
  let harness: TmuxHarness;

  beforeEach(() => {
    harness = createTmuxHarness();
  });

  afterEach(() => harness.stop());

  const losses = {
    'the server is killed': async () => process.kill((await harness.server.pid()) ?? 0, 'SIGKILL'),
    'its session is killed': (agent: AgentSpec) => harness.kill(agent),
  };

  async function started(agent: AgentSpec): Promise<AgentSpec> {
    await harness.supervisor.up(agent);
    await until(`${agent.id} is ready`, () => harness.isReady(agent));
    return agent;
  }

  function restarted(): TmuxSupervisor {
    return harness.supervisorWith({ observeTimeoutMs: 10_000 });
  }

  async function seen(agent: AgentSpec, by = restarted()): Promise<Observation | undefined> {
    return (await by.observe([agent])).get(agent.id);
  }

  async function outlives(agent: AgentSpec, how: keyof typeof losses = 'its session is killed') {
    await losses[how](agent);
    return until('it has lost its session', async () => {
      const now = await seen(agent);
      return now?.state === 'running' && now.outlived ? now : undefined;
    });
  }

  for (const [what, wrapper] of Object.entries({ 'its wrapper': undefined, nothing: frailWrapper })) {
    it.each(Object.keys(losses) as (keyof typeof losses)[])(
      `and of which ${what} lives on beside it is found when %s, is not started twice, and is stopped by a drain`,
      async (how) => {
        const agent = await started(harness.agent('dev', 'stubborn', wrapper ? { wrapper } : {}));
        const pid = harness.pidOf(agent);

        expect((await outlives(agent, how)).incarnation.pid).toBe(pid);
        await expect(restarted().up(agent)).rejects.toThrow(
          `cannot start shop:dev: pid ${pid} (sleep 100000) is its last life, which has outlived its session; a drain or down of shop:dev ends it`,
        );
        expect(isRunning(pid)).toBe(true);
        const drained = await restarted().drain(agent, { budgetMs: 300 });

        expect(drained).toMatchObject({ outcome: 'TimedOutKilled', survivors: [], strays: [] });
        expect(drained.signals.map(({ signal }) => signal)).toEqual(['INT', 'HUP', 'TERM', 'KILL']);
        expect(isRunning(pid)).toBe(false);
        expect(await seen(agent)).toMatchObject({ state: 'stopped' });
        await restarted().up(agent);
        await until('it runs anew', () => harness.lives(agent) && harness.pidOf(agent) !== pid);
      },
    );
  }

  it('is asked to stop by the signal that Ctrl-C would have been', async () => {
    const agent = await started(harness.agent('dev', deafToHangUps));
    const pid = harness.pidOf(agent);
    await outlives(agent);

    const drained = await restarted().drain(agent, { budgetMs: 20_000 });

    expect(drained).toMatchObject({ outcome: 'Graceful', survivors: [] });
    expect(isRunning(pid)).toBe(false);
    expect(await seen(agent)).toMatchObject({ state: 'stopped' });
  });

  it('is stopped by a down', async () => {
    const agent = await started(harness.agent('dev', 'stubborn', { wrapper: frailWrapper }));
    await outlives(agent);

    expect(await restarted().down(agent)).toMatchObject({ wasRunning: true, survivors: [] });
    expect(harness.lives(agent)).toBe(false);
  });

  it('and that only a child of is left in its terminal session is found by that', async () => {
    const child = `sh -c 'trap "" INT HUP TERM; echo $$ >"$0.left"; exec sleep 1000' "$0" &`;
    const agent = harness.agent('dev', `${child} echo $$ >"$0.pid"; exec sleep 2000`, {
      wrapper: frailWrapper,
    });
    await started(agent);
    const left = await until('its child is ready', () => Number(written('left')));

    expect((await outlives(agent)).incarnation.pid).toBe(left);
    await restarted().drain(agent, { budgetMs: 0 });

    expect(isRunning(left)).toBe(false);
  });

  it('and that teamctl started is found by who had watched it', async () => {
    const agent = harness.agent('dev', 'stubborn', { wrapper: frailWrapper });
    const watch = restarted().watch([agent], () => {});
    await startAsTeamctl(agent);
    const pid = harness.pidOf(agent);
    await until('its life is written down', () => lives().includes('shop-dev'));
    await watch.close();

    expect((await outlives(agent)).incarnation.pid).toBe(pid);
    expect(await restarted().down(agent)).toMatchObject({ survivors: [] });
    expect(isRunning(pid)).toBe(false);
  });

  it('and that nobody has seen before is found by its wrapper', async () => {
    const agent = harness.agent('dev', 'stubborn');
    await startAsTeamctl(agent);
    const pid = harness.pidOf(agent);

    expect((await outlives(agent)).incarnation.pid).toBe(pid);
    expect(await restarted().down(agent)).toMatchObject({ survivors: [] });
    expect(isRunning(pid)).toBe(false);
  });

  it('is told of by a watch, as the same life', async () => {
    const agent = await started(harness.agent('dev', 'stubborn'));
    const told: Observation[] = [];
    const watch = restarted().watch([agent], ({ after }) => told.push(after));
    await until('it is seen', () => told.length > 0);

    await losses['the server is killed']();
    const last = await until('it is told', () => told.findLast((each) => 'outlived' in each));
    await harness.supervisor.drain(agent, { budgetMs: 0 });
    await until('its end is told', () => told.at(-1)?.state === 'stopped');
    await watch.close();

    expect(last).toMatchObject({ state: 'running', incarnation: { pid: harness.pidOf(agent) } });
    expect(told.map(({ state }) => state)).toEqual(['running', 'running', 'stopped']);
  });

  it('is no daemon that it once started: that one lives, and the agent is started', async () => {
    const daemon = `(setsid sh -c 'trap "" INT HUP TERM; echo $$ >"$0.left"; exec sleep 2000' "$0" &)`;
    const agent = await started(
      harness.agent('dev', `${daemon}; echo $$ >"$0.pid"; exec sleep 1000`, { wrapper: frailWrapper }),
    );
    const left = await until('the daemon is there', () => Number(written('left')));
    const pid = harness.pidOf(agent);

    await losses['the server is killed']();
    await until('the agent has gone', () => !isRunning(pid));

    expect(await seen(agent)).toMatchObject({ state: 'stopped', restarting: false });
    expect(await restarted().down(agent)).toMatchObject({
      wasRunning: false,
      strays: [expect.objectContaining({ pid: left })],
    });
    await restarted().up(agent);
    expect(await seen(agent)).not.toHaveProperty('outlived');
    expect(isRunning(left)).toBe(true);
  });

  it('is no other process that has got its pid', async () => {
    const agent = await started(harness.agent('dev', 'polite'));
    const file = join(harness.root, 'state/muster/lives/shop-dev');
    const { wrapper, incarnation: life } = JSON.parse(readFileSync(file, 'utf8'));
    await harness.supervisor.drain(agent, { budgetMs: 20_000 });
    expect(lives()).toEqual([]);
    const other = { ...life, pid: process.pid, startTime: '1' };
    const processes = [{ pid: process.pid, startTime: '1', part: 'agent' }];
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, JSON.stringify({ wrapper, bootId: life.bootId, incarnation: other, processes }));

    expect(await seen(agent)).toMatchObject({ state: 'stopped' });
    expect(await restarted().down(agent)).toMatchObject({ wasRunning: false, signals: [] });
  });

  it('but lives in a session that somebody has renamed is asked there', async () => {
    const agent = await started(harness.agent('dev', 'polite'));
    await harness.server.tmux('rename-session', '-t', `=${agent.session}:`, 'mine');
    const now = await seen(agent);

    await restarted().up(agent);
    const drained = await restarted().drain(agent, { budgetMs: 20_000 });

    expect(now).toMatchObject({ state: 'running', incarnation: { pid: harness.pidOf(agent) } });
    expect(now).not.toHaveProperty('outlived');
    expect(drained).toMatchObject({ outcome: 'Graceful', signals: [{ signal: 'C-c' }] });
    expect(harness.lives(agent)).toBe(false);
  });

  function written(what: string): string {
    return readFileSync(join(harness.root, 'programs', `shop-dev.${what}`), 'utf8');
  }

  function lives(): readonly string[] {
    try {
      return readdirSync(join(harness.root, 'state/muster/lives'));
    } catch {
      return [];
    }
  }

  async function startAsTeamctl(agent: AgentSpec): Promise<void> {
    const command = `set -a; . ${agent.envFile}; exec ${agent.wrapper} ${agent.id}`;
    await harness.server.tmux('new-session', '-d', '-s', agent.session, '-c', agent.cwd, command);
    await until(`${agent.id} is ready`, () => harness.isReady(agent));
  }
});
