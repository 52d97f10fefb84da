import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Observation } from '../domain/observation.ts';
import type { Host } from '../operations/host.ts';
import { type KnownAgent, readRoster } from '../operations/plan/roster.ts';
import type { DemoTeam } from './demo-team.ts';

/** One agent of the demo team, as the host has it. */
export interface HostAgent {
  readonly id: string;
  readonly state: 'running' | 'restarting' | 'stopped' | 'unknown';
  readonly pid?: number;
  /** The kernel's letters for the process, as `ps` prints them. */
  readonly stat?: string;
  /** By the command line of the process. */
  readonly runs?: string;
  /** By the project's file. */
  readonly inFile?: string;
  readonly mood?: Mood;
}

export type Mood = 'ignore' | 'crash';

export type Misdeed = Mood | 'kill' | 'behave';

/** What cannot be done to the demo team, in words for the person who tried. */
export class HostRefusal extends Error {
  override readonly name = 'HostRefusal';
}

/** The machine the demo team runs on: its processes, and ways to trouble them. */
export interface DemoHost {
  /** What an agent's model can be set to. */
  readonly models: readonly string[];
  agents(): Promise<readonly HostAgent[]>;
  misbehave(agent: string, how: Misdeed): Promise<void>;
  /** Edits the project's file. */
  setModel(agent: string, model: string): Promise<void>;
}

const models = ['stub-polite', 'stub-slow', 'stub-two-ctrl-c', 'stub-stubborn', 'stub-crashing'];

const characters: { readonly [M in Mood]: string } = { ignore: 'stubborn', crash: 'crashing:after=2s' };

const run = promisify(execFile);

export function createDemoHost(host: Host, team: DemoTeam): DemoHost {
  const moods = new Map<string, Mood>();

  async function find(id: string): Promise<KnownAgent> {
    const { agents } = await readRoster(host);
    const found = agents.find((agent) => agent.id === id);
    if (found === undefined) throw new HostRefusal(`there is no agent ${id}`);
    return found;
  }

  return {
    models,
    async agents() {
      const { agents } = await readRoster(host);
      const seen = await host.supervisor.observe(agents.map(({ spec }) => spec));
      const processes = await processesWith([...seen.values()].flatMap(pidOf));
      return agents.map(({ id, agent }) => {
        const observation = seen.get(id);
        const [pid] = observation === undefined ? [] : pidOf(observation);
        const running = pid === undefined ? undefined : processes.get(pid);
        const mood = moods.get(id);
        return {
          id,
          state: stateWord(observation),
          ...(pid === undefined ? {} : { pid }),
          ...running,
          ...(agent?.model === undefined ? {} : { inFile: agent.model }),
          ...(mood === undefined ? {} : { mood }),
        };
      });
    },
    async misbehave(id, how) {
      const { spec } = await find(id);
      if (how !== 'kill') {
        if (how === 'behave') moods.delete(id);
        else moods.set(id, how);
        await team.setMood(id, how === 'behave' ? undefined : characters[how]);
        return;
      }
      const observation = (await host.supervisor.observe([spec])).get(spec.id);
      const [pid] = observation === undefined ? [] : pidOf(observation);
      if (pid === undefined) throw new HostRefusal(`${id} has no process to kill: it does not run`);
      process.kill(pid, 'SIGKILL');
    },
    async setModel(id, model) {
      if (!models.includes(model)) throw new HostRefusal(`there is no model ${model}`);
      const { agent } = await find(id);
      if (agent === undefined) throw new HostRefusal(`the team's files do not have ${id}, or do not load`);
      if (agent.model !== model) await team.setModel(agent.project, agent.name, model);
    },
  };
}

function pidOf(observation: Observation): number[] {
  return observation.state === 'running' ? [observation.incarnation.pid] : [];
}

function stateWord(observation: Observation | undefined): HostAgent['state'] {
  if (observation === undefined) return 'unknown';
  return observation.state === 'stopped' && observation.restarting ? 'restarting' : observation.state;
}

async function processesWith(
  pids: readonly number[],
): Promise<ReadonlyMap<number, Pick<HostAgent, 'stat' | 'runs'>>> {
  if (pids.length === 0) return new Map();
  // ps fails when none of them is left.
  const { stdout } = await run('ps', ['-ww', '-o', 'pid=,stat=,args=', '-p', pids.join(',')], {
    timeout: 5_000,
  }).catch(() => ({ stdout: '' }));
  const lines = stdout.split('\n').map((line) => /^\s*(\d+)\s+(\S+)\s+(.*)$/.exec(line));
  return new Map(
    lines
      .filter((match) => match !== null)
      .map(([, pid, stat = '', args = '']) => {
        const model = /--model (\S+)/.exec(args)?.[1];
        return [Number(pid), { stat, ...(model === undefined ? {} : { runs: model }) }];
      }),
  );
}
