import { readdirSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AgentSpec } from '../../../src/domain/agent.ts';
import { type Clock, systemClock } from '../../../src/supervisor/process/clock.ts';
import { feelsBirths } from '../../../src/supervisor/process/liveness.ts';
import { hasProc } from '../../../src/supervisor/process/process-table.ts';
import type { StateChange } from '../../../src/supervisor/supervisor.ts';
import {
  isOver,
  isRestarting,
  isRunning,
  isStopped,
  isUnknown,
  type Watched,
  watched,
} from '../../fakes/bot/watched.ts';
import { rounds } from '../../fakes/rounds.ts';
import { argvOf } from '../../fakes/team/agent-tree-on-disk.ts';
import { createTmuxHarness, type TmuxHarness } from '../../fakes/tmux/tmux-harness.ts';
import { until } from '../../fakes/until.ts';

/** A loop that tells nobody how its program ended, and sleeps between two lives. */
const foreign = '#!/bin/sh\nwhile true; do\n  PROGRAM\n  sleep 5\ndone\n';
/** Runs its program once: the session ends with it. */
const once = '#!/bin/sh\nPROGRAM\n';
/** Sleeps beside its program once that is one, and does not take notice of its end. */
const careless =
  '#!/bin/sh\nPROGRAM &\nwhile cmp -s /proc/$$/cmdline /proc/$!/cmdline; do :; done\nexec sleep 60\n';

/** To a watch that lives by it no look is ever due: it looks when an event asks for it. */
const nothingIsDue: Clock = {
  now: systemClock.now,
  sleep: (ms, wake) => systemClock.sleep(ms < 1000 ? ms : 1e9, wake),
};

const startsOfTwenty = rounds('starts of twenty agents, after which nothing is left', { test: 3, soak: 10 });

/** To a watch that lives by it the next look is due soon. */
const moreIsDue: Clock = {
  now: systemClock.now,
  sleep: (ms, wake) => systemClock.sleep(Math.min(ms, 1000), wake),
};

describe('on tmux, events tell what happens', () => {
  let harness: TmuxHarness;
  let watches: Watched[];

  beforeEach(() => {
    harness = createTmuxHarness();
    watches = [];
  });

  afterEach(async () => {
    for (const watch of watches) await watch.close();
    await harness.stop();
  });

  async function started(name: string, program: string, wrapper?: string): Promise<AgentSpec> {
    const agent = harness.agent(name, program, wrapper === undefined ? {} : { wrapper });
    await harness.supervisor.up(agent);
    await until(`${agent.id} is ready`, () => harness.isReady(agent));
    return agent;
  }

  async function startedMany(count: number, program: string, wrapper?: string): Promise<AgentSpec[]> {
    const agents: AgentSpec[] = [];
    for (let at = 0; at < count; at += 8) {
      const names = Array.from({ length: Math.min(8, count - at) }, (_, index) => `w${at + index}`);
      agents.push(...(await Promise.all(names.map((name) => started(name, program, wrapper)))));
    }
    return agents;
  }

  /** Every agent is seen to run, and events come. */
  async function watching(agents: readonly AgentSpec[], supervisor = harness.supervisor): Promise<Watched> {
    const watch = watched(supervisor, agents);
    watches.push(watch);
    for (const agent of agents) await watch.sees(agent, isRunning);
    return watch;
  }

  function killProgram(agent: AgentSpec, signal: NodeJS.Signals = 'SIGKILL'): void {
    process.kill(harness.pidOf(agent) ?? Number.NaN, signal);
  }

  const ends = ({ before, after }: StateChange) => before?.state === 'running' && after.state !== 'running';

  it('an agent that exits under our loop has ended, with its exit code, and then restarts', async () => {
    const dev = await started('dev', 'echo $$ >$0.pid; trap "exit 3" TERM; sleep 1000 & wait');
    const watch = await watching([dev]);

    killProgram(dev, 'SIGTERM');

    await watch.sees(dev, isRestarting);
    expect(watch.of(dev).find(({ end }) => end !== undefined)?.end).toMatchObject({
      kind: 'exited',
      code: 3,
    });
    const again = await watch.sees(dev, isRunning);
    expect(again).toMatchObject({ incarnation: { pid: harness.pidOf(dev) } });
    expect(watch.of(dev).filter(({ after }) => after.state === 'running')).toHaveLength(2);
    expect(watch.breaks()).toEqual([]);
  });

  it('an agent whose session ends with it has ended, with the signal that ended it', async () => {
    const dev = await started('dev', 'echo $$ >$0.pid; exec sleep 1000', `${once}exit $?\n`);
    const watch = await watching([dev]);

    killProgram(dev, 'SIGSEGV');

    await watch.sees(dev, isOver);
    expect(watch.of(dev).filter(ends)).toMatchObject([{ end: { kind: 'signalled', signal: 'SEGV' } }]);
    expect(watch.of(dev)).toHaveLength(2);
  });

  it('an agent under a loop that tells nobody is known to have ended, not how', async () => {
    const dev = await started('dev', 'echo $$ >$0.pid; exec sleep 1000', foreign);
    const watch = await watching([dev]);

    killProgram(dev);

    await watch.sees(dev, isStopped);
    expect(watch.of(dev).find(ends)?.end).toBeUndefined();
    const again = await watch.sees(dev, isRunning);
    expect(again).toMatchObject({ incarnation: { pid: harness.pidOf(dev) } });
  });

  it.skipIf(!hasProc)('an end of which even its parent takes no notice is an event', async () => {
    const dev = await started('dev', 'echo $$ >$0.pid; exec sleep 1000', careless);
    const pid = harness.pidOf(dev);
    const watch = await watching([dev], harness.supervisorWith({ clock: nothingIsDue }));

    killProgram(dev);

    await watch.sees(dev, isStopped);
    expect(readFileSync(`/proc/${pid}/stat`, 'utf8')).toContain(') Z ');
  });

  it.skipIf(!feelsBirths)(
    'a start by others, and the end of everything in a session, are events',
    async () => {
      const [keeper, dev] = [await started('keeper', 'polite'), harness.agent('dev', 'polite')];
      const watch = await watching([keeper], harness.supervisorWith({ clock: nothingIsDue }));
      watch.follow([keeper, dev]);
      await watch.sees(dev, isOver);

      await harness.supervisor.up(dev);
      await watch.sees(dev, isRunning);
      const all = harness.server.processes().filter((pid) => argvOf(pid).includes(dev.id));
      for (const pid of all) process.kill(pid, 'SIGKILL');

      await watch.sees(dev, isOver);
      expect(watch.of(keeper)).toHaveLength(1);
    },
  );

  it('a kill of the whole server ends every agent once', async () => {
    const agents = await startedMany(4, 'polite');
    const watch = await watching(agents);

    process.kill((await harness.server.pid()) ?? Number.NaN, 'SIGKILL');

    for (const agent of agents) await watch.sees(agent, isOver);
    expect(agents.map((agent) => watch.of(agent).filter(ends).length)).toEqual([1, 1, 1, 1]);
    await harness.supervisor.up(agents[0] as AgentSpec);
    await watch.sees(agents[0] as AgentSpec, isRunning);
    expect(agents.slice(1).map((agent) => watch.of(agent).at(-1)?.after.state)).toEqual([
      'stopped',
      'stopped',
      'stopped',
    ]);
    expect(watch.breaks()).toEqual([]);
  });

  it('windows of a new server are not taken for those of the one before', async () => {
    const [one, two] = (await startedMany(2, 'polite')) as [AgentSpec, AgentSpec];
    const watch = await watching([one, two]);
    await harness.server.tmux('kill-server');
    await watch.sees(one, isOver);
    await watch.sees(two, isOver);

    // In the other order: the ids begin again, and each agent has what was the other's.
    await harness.supervisor.up(two);
    await harness.supervisor.up(one);
    await watch.sees(one, isRunning);
    await watch.sees(two, isRunning);
    const before = watch.of(two).length;
    await harness.kill(one);
    await watch.sees(one, isOver);

    expect(watch.of(two)).toHaveLength(before);
    expect(watch.of(two).at(-1)?.after.state).toBe('running');
  });

  it('no client of tmux stays attached: one that dies with Muster may take the server of 3.3a with it', async () => {
    const agent = await started('dev', 'polite');
    const watch = await watching([agent]);
    await harness.kill(agent);
    await watch.sees(agent, isOver);
    const next = await started('next', 'polite');
    watch.follow([next]);
    await watch.sees(next, isRunning);

    expect(await harness.server.tmux('list-clients', '-F', '#{client_pid}')).toBe('');
    const clients = harness.server.processes().filter((pid) => argvOf(pid).includes('-C'));
    expect(clients).toEqual([]);
  });

  it('under a server that hangs, agents are unknown, with the reason, and then what they are', async () => {
    const agents = await startedMany(3, 'polite');
    const watch = await watching(agents, harness.supervisorWith({ observeTimeoutMs: 400, clock: moreIsDue }));
    const server = (await harness.server.pid()) ?? Number.NaN;
    const stoppedAt = new Date();

    process.kill(server, 'SIGSTOP');
    try {
      for (const agent of agents) await watch.sees(agent, isUnknown);
      expect(watch.changes.at(-1)?.after).toEqual({
        state: 'unknown',
        reason: 'tmux list-panes did not answer within 0.4 s',
      });
      expect(watch.changes.at(-1)?.at.getTime()).toBeGreaterThan(stoppedAt.getTime());
    } finally {
      process.kill(server, 'SIGCONT');
    }

    for (const agent of agents) await watch.sees(agent, isRunning);
    expect(agents.map((agent) => watch.of(agent).map(({ after }) => after.state))).toEqual(
      agents.map(() => ['running', 'unknown', 'running']),
    );
  });

  it('of sixty that die at once none is missed and none is told twice', async () => {
    const agents = await startedMany(60, 'echo $$ >$0.pid; exec sleep 1000', once);
    const watch = await watching(agents);

    for (const agent of agents) killProgram(agent);

    for (const agent of agents) await watch.sees(agent, isOver);
    expect(agents.map((agent) => watch.of(agent).filter(ends).length)).toEqual(agents.map(() => 1));
    expect(watch.breaks()).toEqual([]);
  });

  it('an end at any moment of a look is told, and not taken back', async () => {
    const agents = await startedMany(16, 'echo $$ >$0.pid; exec sleep 1000', once);
    const watch = await watching(agents);

    for (const [index, agent] of agents.entries()) {
      // A look is asked for by a session that comes; the end follows at another moment of it each time.
      await harness.server.tmux('new-session', '-d', '-s', `noise-${index}`, 'sleep 0.01');
      await sleep(index);
      killProgram(agent);
    }

    for (const agent of agents) await watch.sees(agent, isOver);
    expect(agents.map((agent) => watch.of(agent).map(({ after }) => after.state))).toEqual(
      agents.map(() => ['running', 'stopped']),
    );
  });

  it('a watch starts no server and keeps none alive', async () => {
    const dev = harness.agent('dev', 'polite');
    const watch = watched(harness.supervisor, [dev]);
    watches.push(watch);
    await watch.sees(dev, isOver);
    expect(await harness.server.pid()).toBeUndefined();

    await harness.supervisor.up(dev);
    await watch.sees(dev, isRunning);
    await harness.supervisor.down(dev);

    await watch.sees(dev, isOver);
    await until('the server has ended', async () => (await harness.server.pid()) === undefined);
  });

  it('a watch that is closed leaves no process', async () => {
    const dev = await started('dev', 'polite');
    const before = harness.server.processes().length;
    const watch = await watching([dev]);

    await watch.close();

    await until('its processes have gone', () => harness.server.processes().length === before);
    expect(harness.lives(dev)).toBe(true);
  });

  it('many starts and ends later there are no more files, processes and sessions than before', async () => {
    const keeper = await started('keeper', 'polite');
    const agents = Array.from({ length: 20 }, (_, index) =>
      harness.agent(`w${index}`, 'echo $$ >$0.pid; exec sleep 1000', { wrapper: once }),
    );
    const supervisor = harness.supervisorWith({ observeTimeoutMs: 10_000, settleMs: 1 });
    const watch = await watching([keeper], supervisor);
    watch.follow([keeper, ...agents]);
    for (const agent of agents) await watch.sees(agent, isOver);
    const counts = () => ({
      files: readdirSync('/proc/self/fd').length,
      processes: harness.server.processes().length,
    });
    const before = await quiet(counts);

    for (let round = 0; round < startsOfTwenty; round += 1) {
      await Promise.all(agents.map((agent) => supervisor.up(agent)));
      for (const agent of agents) await watch.sees(agent, isRunning);
      for (const agent of agents) await harness.kill(agent);
      for (const agent of agents) await watch.sees(agent, isOver);
    }

    await until('all is as it was', () => {
      const now = counts();
      return now.files <= before.files && now.processes <= before.processes;
    });
    expect(agents.map((agent) => watch.of(agent).filter(ends).length)).toEqual(
      agents.map(() => startsOfTwenty),
    );
    expect(watch.breaks()).toEqual([]);
  });
});

/** The least of what is counted once nothing changes any more. */
async function quiet<T extends Record<string, number>>(count: () => T): Promise<T> {
  let last = count();
  let same = 0;
  return until('nothing changes', () => {
    const now = count();
    same = JSON.stringify(now) === JSON.stringify(last) ? same + 1 : 0;
    last = now;
    return same >= 10 ? now : undefined;
  });
}
