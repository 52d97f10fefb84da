import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AgentSpec } from '../src/domain/agent.ts';
import { watchByPolling } from '../src/supervisor/lifecycle/watch-by-polling.ts';
import type { StateChange, Watch } from '../src/supervisor/supervisor.ts';
import { until } from '../test/fakes/until.ts';
import type { Bench } from './report.ts';
import { idle, inWorld, type World } from './supervisor-world.ts';

const agentCount = 100;
const goalShare = 0.005;

/** CPU time of ourselves, of every tmux and of what we start, while 100 agents do nothing; against a look every 250 ms. */
export const idleWatching: Bench = {
  name: 'idle',
  run: () =>
    inWorld(async (world) => {
      const agents = await world.start(agentCount, idle);
      const { supervisor } = world;
      const looks = async (asked: readonly AgentSpec[]) => ({ seen: await supervisor.observe(asked) });
      const events = await cost(world, agents, 60, (...args) => supervisor.watch(...args));
      const polling = await cost(world, agents, 20, (...args) => watchByPolling(looks, ...args));
      return [
        {
          what: `watching ${agentCount} idle agents`,
          measured: perMinute(events),
          baseline: `${perMinute(polling)} (poll)`,
          ratio: polling / events,
          goal: `${perMinute(goalShare)}`,
          isMet: events <= goalShare,
        },
      ];
    }),
};

type StartWatch = (agents: readonly AgentSpec[], onChange: (change: StateChange) => void) => Watch;

/** Share of one core in so many seconds, from when all agents are told: the last looks of the beginning are part of it. */
async function cost(
  world: World,
  agents: readonly AgentSpec[],
  seconds: number,
  startWatch: StartWatch,
): Promise<number> {
  const running = new Set<string>();
  const watch = startWatch(agents, ({ agent, after }) => {
    if (after.state === 'running') running.add(agent);
  });
  await until('all are watched', () => running.size === agents.length);
  const startedAt = performance.now();
  const before = othersSeconds(world);
  const ownBefore = ownSeconds();
  await sleep(seconds * 1000);
  // To look at the others costs time, too.
  const own = ownSeconds() - ownBefore;
  const used = own + othersSeconds(world) - before;
  const elapsed = (performance.now() - startedAt) / 1000;
  await watch.close();
  return used / elapsed;
}

function ownSeconds(): number {
  const { userCPUTime, systemCPUTime } = process.resourceUsage();
  return (userCPUTime + systemCPUTime) / 1e6;
}

/** Of the shells we ask through, of the children of ourselves and them that have ended, and of the tmux server and clients that live. */
function othersSeconds({ server }: World): number {
  const tmux = server
    .processes()
    .map(statOf)
    .filter((words) => words[0]?.startsWith('(tmux: '));
  const ticks =
    ticksIn(statOf(process.pid), [16, 17]) +
    shells().reduce((sum, words) => sum + ticksIn(words, [14, 15, 16, 17]), 0) +
    tmux.reduce((sum, words) => sum + ticksIn(words, [14, 15]), 0);
  return ticks / 100;
}

function shells(): (readonly string[])[] {
  const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').split(' ').filter(Boolean);
  return children.map((pid) => statOf(Number(pid))).filter((words) => words[0] === '(sh)');
}

/** The fields of /proc/PID/stat from the second on, the name. */
function statOf(pid: number): readonly string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const close = stat.lastIndexOf(')');
  return [stat.slice(stat.indexOf('('), close + 1), ...stat.slice(close + 2).split(' ')];
}

/** By the numbers that proc(5) gives to fields. */
function ticksIn(words: readonly string[], fields: readonly number[]): number {
  return fields.reduce((sum, field) => sum + Number(words[field - 2]), 0);
}

function perMinute(share: number): string {
  return `${(share * 60).toFixed(2)} s/min (${(share * 100).toFixed(2)} %)`;
}
