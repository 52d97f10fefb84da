import type { AgentSpec } from '../src/domain/agent.ts';
import { createShellRunner } from '../src/supervisor/programs/shell-runner.ts';
import { type Bench, median, ms, type Row, timed } from './report.ts';
import { inWorld, type World } from './supervisor-world.ts';

const goalAt100 = 30;

/** The state of many agents, against one `tmux has-session` process for each, as cheaply started as ours. */
export const status: Bench = {
  name: 'status',
  run: () =>
    inWorld(async (world) => {
      const rows: Row[] = [];
      const agents: AgentSpec[] = [];
      for (const count of [1, 10, 100, 500]) {
        for (let index = agents.length; index < count; index += 1) agents.push(await session(world, index));
        rows.push(await compare(world, agents));
      }
      return rows;
    }),
};

/** A session as an agent has it, without the launch that is not measured here. */
async function session({ tree, server }: World, index: number): Promise<AgentSpec> {
  const agent = tree.agent(`w${index}`, 'polite');
  const command = ['sh', '-c', 'exec sleep 1000', agent.wrapper, agent.id];
  await server.tmux('new-session', '-d', '-s', agent.session, '--', ...command);
  return agent;
}

async function compare({ supervisor, server }: World, agents: readonly AgentSpec[]): Promise<Row> {
  const run = createShellRunner(server.env);
  const rounds = agents.length > 100 ? 3 : 10;
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    ours.push(await timed(() => supervisor.observe(agents)));
    theirs.push(
      await timed(async () => {
        for (const { session } of agents) {
          const ask = ['-u', 'has-session', '-t', `=${session}:`];
          const { kind } = await run('tmux', ask, { limitMs: 10_000, verb: 'tmux has-session' });
          if (kind !== 'done') throw new Error(`${session} is not there`);
        }
      }),
    );
  }
  const ratio = median(theirs) / median(ours);
  return {
    what: `status of ${agents.length}`,
    measured: ms(median(ours)),
    baseline: `${ms(median(theirs))} (has-session each)`,
    ratio,
    ...(agents.length === 100 ? { goal: `${goalAt100}x`, isMet: ratio >= goalAt100 } : {}),
  };
}
