import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AgentSpec } from '../../../src/domain/agent.ts';
import type { NotedAgent } from '../../../src/domain/stop-record.ts';
import { isRunning } from '../../fakes/team/agent-tree-on-disk.ts';
import { createTmuxHarness, type TmuxHarness } from '../../fakes/tmux/tmux-harness.ts';
import { until } from '../../fakes/until.ts';

const deaf = `sh -c 'trap "" INT HUP TERM; exec sleep 2000'`;
const tail = 'echo $$ >"$0.pid"; exec sleep 1000';
/** What an agent may leave behind; each writes the pid of what it left to `$0.left`. */
const leavers = {
  'a child that ignores hang-ups': `${deaf} & echo $! >"$0.left"; ${tail}`,
  'a child in a session of its own': `setsid ${deaf} & echo $! >"$0.left"; ${tail}`,
  'an orphan in the same terminal': `(${deaf} & echo $! >"$0.left"); ${tail}`,
  'a child without any environment': `env -i ${deaf} & echo $! >"$0.left"; ${tail}`,
};

describe('on tmux, stopped means gone', () => {
  let harness: TmuxHarness;

  beforeEach(() => {
    harness = createTmuxHarness();
  });

  afterEach(() => harness.stop());

  async function started(agent: AgentSpec): Promise<AgentSpec> {
    await harness.supervisor.up(agent);
    await until(`${agent.id} is ready`, () => harness.isReady(agent));
    return agent;
  }

  function leftBy({ project, agent }: AgentSpec): number {
    return Number(readFileSync(join(harness.root, 'programs', `${project}-${agent}.left`), 'utf8'));
  }

  for (const [what, program] of Object.entries(leavers)) {
    it(`${what} keeps a drain from being Graceful, and does not outlive it`, async () => {
      const agent = await started(harness.agent('dev', program));
      const left = leftBy(agent);
      expect(isRunning(left)).toBe(true);

      const result = await harness.supervisor.drain(agent, { budgetMs: 400 });

      expect(result).toMatchObject({ outcome: 'TimedOutKilled', survivors: [] });
      expect(isRunning(left)).toBe(false);
    });
  }

  /** As it is read by who comes after a Muster that died right after it wrote that down. */
  async function noteOf(agent: AgentSpec): Promise<NotedAgent> {
    let text = '';
    const noting = harness.supervisor.drain(agent, {
      budgetMs: 0,
      onNoted(told) {
        text = JSON.stringify(told);
        throw new Error('Muster dies');
      },
    });
    await expect(noting).rejects.toThrow('Muster dies');
    return JSON.parse(text);
  }

  it('what an agent has left behind is found by who has only its note', async () => {
    const agent = await started(harness.agent('dev', leavers['a child in a session of its own']));
    const left = leftBy(agent);
    const lead = harness.pidOf(agent) ?? 0;
    const noted = await noteOf(agent);
    const whatIsLeft = () => harness.supervisor.whatIsLeft(agent, noted);
    const pids = async () => (await whatIsLeft()).map(({ pid }) => pid);
    expect(await pids()).toContain(lead);

    process.kill(lead, 'SIGKILL');

    await until('the agent has ended', async () => !(await pids()).includes(lead));
    expect(await whatIsLeft()).toContainEqual(expect.objectContaining({ pid: left, part: 'agent' }));
    await harness.supervisor.down(agent);
    process.kill(left, 'SIGKILL');
    await until('nothing is left', async () => (await pids()).length === 0);
  });

  it.each(['drain', 'down'] as const)(
    'what outlived its pane is stopped by a %s that has the note',
    async (verb) => {
      const agent = await started(harness.agent('dev', 'stubborn'));
      const pid = harness.pidOf(agent);
      const noted = await noteOf(agent);
      await harness.kill(agent);
      expect(isRunning(pid)).toBe(true);

      const result = await harness.supervisor[verb](agent, { budgetMs: 300, noted });

      expect(result).toMatchObject(
        verb === 'drain' ? { outcome: 'TimedOutKilled', survivors: [] } : { wasRunning: true, survivors: [] },
      );
      expect(isRunning(pid)).toBe(false);
    },
  );

  it('what an agent forks after it was asked has to go as well, be it while its processes are looked at', async () => {
    // It is deaf from its first moment on, as the hang-up that follows the end of its parent comes soon.
    const forkLate = `leave() { trap '' INT TERM HUP; sleep 3000 & echo $! >"$0.left"; }; trap 'leave; exit 0' INT; echo $$ >"$0.pid"; sleep 1000 & wait`;
    const names = Array.from({ length: 24 }, (_, index) => `dev${index}`);
    const agents = await Promise.all(names.map((name) => started(harness.agent(name, forkLate))));

    const results = await Promise.all(
      agents.map((agent) => harness.supervisor.drain(agent, { budgetMs: 400 })),
    );

    expect(results.map(({ outcome }) => outcome)).toEqual(names.map(() => 'TimedOutKilled'));
    expect(agents.filter((agent) => isRunning(leftBy(agent)))).toEqual([]);
  });

  it('a daemon that only carries the agent’s environment is reported and left alone', async () => {
    const daemon = `(setsid ${deaf} & echo $! >"$0.left")`;
    const agent = await started(harness.agent('dev', `${daemon}; ${tail}`));
    const left = leftBy(agent);
    await until('it has left the terminal', () =>
      readFileSync(`/proc/${left}/cmdline`, 'utf8').startsWith('sleep'),
    );

    const result = await harness.supervisor.drain(agent, { budgetMs: 20_000 });

    expect(result.outcome).toBe('Graceful');
    expect(result.strays.map((stray) => stray.pid)).toEqual([left]);
    expect(isRunning(left)).toBe(true);
    expect((await harness.supervisor.down(agent)).strays.map((stray) => stray.pid)).toEqual([left]);
  });

  it('a tmux server that an agent started is never signalled, nor what runs in it', async () => {
    mkdirSync(join(harness.root, 'inner'));
    const inner = `TMUX= TMUX_TMPDIR="$TEAMCTL_ROOT/inner" tmux -f /dev/null new-session -d 'echo $$ >"$0.x"; exec sleep 3000'`;
    const program = `${inner}; TMUX= TMUX_TMPDIR="$TEAMCTL_ROOT/inner" tmux display-message -p '#{pid}' >"$0.left"; ${tail}`;
    const agent = await started(harness.agent('dev', program));
    const server = leftBy(agent);
    expect(isRunning(server)).toBe(true);
    const inside = await execa('tmux', ['list-panes', '-a', '-F', '#{pane_pid}'], {
      env: { ...harness.server.env, TMUX_TMPDIR: join(harness.root, 'inner') },
      extendEnv: false,
    });

    const result = await harness.supervisor.down(agent);

    expect(isRunning(server)).toBe(true);
    expect(isRunning(Number(inside.stdout))).toBe(true);
    expect(result.strays.map((stray) => stray.pid)).toContain(server);
    process.kill(server, 'SIGTERM');
    await until('the inner server has gone', () => !isRunning(server));
  });

  it('a stop of the agent in whose pane Muster itself runs is refused, and nothing is touched', async () => {
    const agent = harness.agent('dev', 'sleep 1000 & echo $$ >"$0.pid"; node "$0.mjs" >"$0.said" 2>&1; wait');
    const script = `
      import { TmuxSupervisor } from '${fileURLToPath(new URL('../../../src/supervisor/tmux/tmux-supervisor.ts', import.meta.url))}';
      const supervisor = new TmuxSupervisor({ root: process.env.TEAMCTL_ROOT, env: process.env });
      await supervisor.down(${JSON.stringify(agent)}).then(() => console.log('stopped'), (error) => console.log(error.message));
      console.log('done');`;
    writeFileSync(join(harness.root, 'programs', 'shop-dev.mjs'), script);
    await harness.supervisor.up(agent);

    const said = await until('it has tried', () => {
      const text = readFileSync(join(harness.root, 'programs', 'shop-dev.said'), 'utf8');
      return text.includes('done') ? text : undefined;
    });

    expect(said).toContain('cannot stop shop:dev: Muster itself runs inside its tmux pane');
    expect(harness.lives(agent)).toBe(true);
  });

  it('a Muster that an agent started in the background is not signalled when it stops that agent', async () => {
    // In its first life only: another Muster would stop the second one.
    const bot = '[ -e "$0.left" ] || (setsid node "$0.mjs" >"$0.said" 2>&1 & echo $! >"$0.left")';
    const agent = harness.agent('dev', `${bot}; ${tail}`);
    const script = `
      import { existsSync } from 'node:fs';
      import { TmuxSupervisor } from '${fileURLToPath(new URL('../../../src/supervisor/tmux/tmux-supervisor.ts', import.meta.url))}';
      const supervisor = new TmuxSupervisor({ root: process.env.TEAMCTL_ROOT, env: process.env });
      while (!existsSync('${join(harness.root, 'programs', 'go')}')) await new Promise((wake) => setTimeout(wake, 20));
      for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM']) process.on(signal, () => console.log(signal));
      const drained = await supervisor.drain(${JSON.stringify(agent)}, { budgetMs: 20_000 });
      await supervisor.up(${JSON.stringify(agent)});
      const killed = await supervisor.down(${JSON.stringify(agent)});
      console.log(process.env.AGENT_ID, drained.outcome, killed.wasRunning, process.pid);
      setInterval(() => {}, 1000);`;
    writeFileSync(join(harness.root, 'programs', 'shop-dev.mjs'), script);
    await started(agent);
    const pid = leftBy(agent);

    writeFileSync(join(harness.root, 'programs', 'go'), '');
    const said = await until('it has stopped its agent', () =>
      readFileSync(join(harness.root, 'programs', 'shop-dev.said'), 'utf8'),
    );

    expect(said).toBe(`shop:dev Graceful true ${pid}\n`);
    expect(isRunning(pid)).toBe(true);
    expect(harness.lives(agent)).toBe(false);
  });

  it('twenty drains side by side, half of them of stubborn agents, cost about one budget', async () => {
    const agents = Array.from({ length: 20 }, (_, index) =>
      harness.agent(`w${index}`, index % 2 ? 'stubborn' : 'polite'),
    );
    await Promise.all(agents.map(started));
    const startedAt = performance.now();

    const results = await Promise.all(
      agents.map((agent) => harness.supervisor.drain(agent, { budgetMs: 2000 })),
    );

    const inTurn = results.reduce((sum, { tookMs }) => sum + tookMs, 0);
    expect(performance.now() - startedAt).toBeLessThan(inTurn / 4);
    expect(results.filter((result) => result.outcome === 'TimedOutKilled')).toHaveLength(10);
    expect(agents.filter(harness.lives)).toEqual([]);
  });

  it('nothing is left when all agents have stopped: no server, no process', async () => {
    const agents = ['a', 'b', 'c'].map((name) => harness.agent(name, name === 'a' ? 'stubborn' : 'polite'));
    await Promise.all(agents.map(started));

    await Promise.all(agents.map((agent) => harness.supervisor.drain(agent, { budgetMs: 500 })));

    await until('everything has gone', () => harness.server.processes().length === 0);
  });
});
