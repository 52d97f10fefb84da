import type { AgentSpec } from '../src/domain/agent.ts';
import { watchByPolling } from '../src/supervisor/lifecycle/watch-by-polling.ts';
import type { StateChange, Watch } from '../src/supervisor/supervisor.ts';
import { until } from '../test/fakes/until.ts';
import { type Bench, median, percentile, type Row, summary } from './report.ts';
import { idle, inWorld, type World, wrappers } from './supervisor-world.ts';

const exits = 100;
/** The baseline is slow, and known to be even between nothing and its interval. */
const baselineExits = 40;

/** From an agent's exit to our knowing it, one after the other, against a look every 250 ms. */
export const exitsKnown: Bench = {
  name: 'exits',
  run: () =>
    inWorld(async (world) => [
      await compare(
        world,
        'where the session ends',
        wrappers.once,
        'median 10 ms',
        (known) => median(known) <= 10,
      ),
      await compare(world, 'under our loop', undefined, 'median 10 ms', (known) => median(known) <= 10),
      await compare(
        world,
        'under a foreign loop',
        wrappers.foreign,
        'p99 300 ms',
        (known) => percentile(known, 0.99) <= 300,
      ),
    ]),
};

async function compare(
  world: World,
  where: string,
  wrapper: string | undefined,
  goal: string,
  isMet: (known: readonly number[]) => boolean,
): Promise<Row> {
  const { supervisor } = world;
  const byEvents = await measure(world, exits, wrapper, (agents, onChange) =>
    supervisor.watch(agents, onChange),
  );
  const byPolling = await measure(world, baselineExits, wrapper, (agents, onChange) =>
    watchByPolling(async (asked) => ({ seen: await supervisor.observe(asked) }), agents, onChange),
  );
  return {
    what: `exit known ${where}`,
    measured: summary(byEvents),
    baseline: `${summary(byPolling)} (poll)`,
    ratio: median(byPolling) / median(byEvents),
    goal,
    isMet: isMet(byEvents),
  };
}

type StartWatch = (agents: readonly AgentSpec[], onChange: (change: StateChange) => void) => Watch;

async function measure(
  world: World,
  count: number,
  wrapper: string | undefined,
  startWatch: StartWatch,
): Promise<number[]> {
  const agents = await world.start(count, idle, wrapper);
  const states = new Map<string, string>();
  const endedAt = new Map<string, number>();
  const watch = startWatch(agents, ({ agent, before, after }) => {
    states.set(agent, after.state);
    if (before?.state === 'running' && !endedAt.has(agent)) endedAt.set(agent, performance.now());
  });
  const known: number[] = [];
  for (const agent of agents) {
    await until(`${agent.id} is watched`, () => states.get(agent.id) === 'running');
    const pid = await until(`${agent.id} has a program`, () => world.tree.pidOf(agent));
    // So that no exit keeps step with a poll.
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
    const killedAt = performance.now();
    process.kill(pid, 'SIGKILL');
    await until('it is known', () => endedAt.has(agent.id));
    known.push((endedAt.get(agent.id) ?? Number.NaN) - killedAt);
  }
  await watch.close();
  if ((await world.server.pid()) !== undefined) await world.server.tmux('kill-server');
  await until('all have gone', () => world.server.processes().length === 0);
  return known;
}
