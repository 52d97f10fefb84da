import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AgentSpec } from '../../../src/domain/agent.ts';
import type { TmuxSupervisor } from '../../../src/supervisor/tmux/tmux-supervisor.ts';
import { rounds } from '../../fakes/rounds.ts';
import { createAgentTree } from '../../fakes/team/agent-tree-on-disk.ts';
import { createTmuxHarness, type TmuxHarness } from '../../fakes/tmux/tmux-harness.ts';

const numRuns = rounds('Verbs on an agent among random neighbours', { test: 50, soak: 500 });
const verbs = ['state', 'observe', 'lastLines', 'drain', 'down', 'up'] as const;
const letters = fc.string({ unit: fc.constantFrom('a', 'b', '-', '_', '1'), minLength: 1, maxLength: 4 });
const agentName = letters.map((text) => `d${text}`);
/** What tmux would take for the name, or for more than a name, if it were asked to look. */
const disguise = fc.constantFrom<(name: string) => string>(
  (name) => `${name}2`,
  (name) => name.slice(0, -1),
  (name) => `x${name}`,
  (name) => `${name.slice(0, -1)}*`,
  (name) => `${name.slice(0, -1)}?`,
  (name) => `[${name.charAt(0)}]${name.slice(1)}`,
  (name) => `=${name}`,
  (name) => `${name} `,
  (name) => `$${name}`,
  (name) => name.toUpperCase(),
);

interface Case {
  readonly project: string;
  readonly name: string;
  readonly isRunning: boolean;
  readonly verb: (typeof verbs)[number];
  /** Named like other agents of the same tree. */
  readonly siblings: readonly string[];
  /** Sessions that are nobody's agents. */
  readonly strangers: readonly ((name: string) => string)[];
  /** An agent of another tree, with its own prefix, in the same server. */
  readonly cousin: { readonly prefix: string; readonly name: string };
}

const anyCase: fc.Arbitrary<Case> = fc.record({
  project: fc.constantFrom('p', 'p-d', 'p_'),
  name: agentName,
  isRunning: fc.boolean(),
  verb: fc.constantFrom(...verbs),
  siblings: fc.uniqueArray(agentName, { maxLength: 3 }),
  strangers: fc.uniqueArray(disguise, { maxLength: 3 }),
  cousin: fc.record({ prefix: fc.constantFrom('u-', 't-p', 'tt-'), name: agentName }),
});

let harness: TmuxHarness;
let quick: TmuxSupervisor;
let count = 0;

// One server for all rounds: it is the user's own, which is never empty.
beforeAll(async () => {
  harness = createTmuxHarness();
  quick = harness.supervisorWith({ settleMs: 1, observeTimeoutMs: 10_000 });
  await harness.server.tmux('new-session', '-d', '-s', 'somebody', 'exec sleep 1000');
});

afterAll(() => harness.stop());

async function sleeper(session: string): Promise<void> {
  await harness.server.tmux('new-session', '-d', '-s', session, 'exec sleep 1000').catch((error: Error) => {
    if (!/duplicate session/.test(error.message)) throw error;
  });
}

/** Every pane but those of the session, with the process in it: what must not change. */
async function othersThan(session: string): Promise<readonly string[]> {
  const listing = await harness.server.tmux(
    'list-panes',
    '-a',
    '-F',
    '#{session_name}\t#{pane_id} #{pane_pid} #{pane_dead} #{pane_in_mode}',
  );
  return listing.split('\n').filter((line) => !line.startsWith(`${session}\t`));
}

async function carryOut({ verb }: Case, agent: AgentSpec): Promise<unknown> {
  const { supervisor } = harness;
  if (verb === 'observe') return supervisor.observe([agent]);
  if (verb === 'lastLines') return supervisor.lastLines(agent, 5);
  if (verb === 'drain') return supervisor.drain(agent, { budgetMs: 20_000 });
  return supervisor[verb](agent);
}

it(
  `no verb touches anybody but the agent named, ${numRuns} times`,
  async () => {
    await fc.assert(
      fc.asyncProperty(anyCase, async (chosen) => {
        const { project, name, isRunning, siblings, strangers, cousin } = chosen;
        const program = 'exec sleep 1000';
        const agent = harness.agent(name, program, { project });
        const elsewhere = createAgentTree(`${harness.server.directory}/tree-${++count}`);
        const relative = elsewhere.agent(cousin.name, program, { project, prefix: cousin.prefix });
        const neighbours = relative.session === agent.session ? [] : [relative];
        await Promise.all([...neighbours, ...(isRunning ? [agent] : [])].map((one) => quick.up(one)));
        const strangerSessions = [
          ...siblings.map((sibling) => `t-${project}-${sibling}`),
          ...strangers.map((disguised) => disguised(agent.session)),
        ].filter((session) => session !== agent.session);
        await Promise.all(strangerSessions.map(sleeper));
        const before = await othersThan(agent.session);

        expect(await quick.state(agent)).toBe(isRunning ? 'running' : 'stopped');
        await carryOut(chosen, agent);

        expect(await othersThan(agent.session)).toEqual(before);
        const after = { drain: 'stopped', down: 'stopped', up: 'running' } as Record<string, string>;
        expect(await quick.state(agent)).toBe(after[chosen.verb] ?? (isRunning ? 'running' : 'stopped'));
        await quick.down(agent);
        await harness.server.tmux('kill-session', '-a', '-t', '=somebody:');
      }),
      { numRuns, endOnFailure: true },
    );
  },
  numRuns * 6000,
);
