import type { AgentId, AgentSpec, Ask } from '../domain/agent.ts';

/** Every agent, project by project in the compose file's order, managers before workers. */
export function agentsOf(team: Team): readonly Agent[] {
  return team.projects.flatMap((project) => project.agents);
}

export function findAgent(team: Team, id: string): Agent | undefined {
  return agentsOf(team).find((agent) => agent.id === id);
}

/** The spec with the way its runtime's file wants it asked a second time, if that says so. */
export function withSecondAsk(spec: AgentSpec, runtimes: ReadonlyMap<string, Runtime>): AgentSpec {
  const secondAsk = runtimes.get(spec.runtime ?? '')?.drain?.secondAsk;
  return secondAsk === undefined ? spec : { ...spec, secondAsk };
}

/** One `.team/` tree that loaded and validated. */
export interface Team {
  /** The directory that holds `team-compose.yaml`, canonical (symlinks resolved): it is part of every rendered file. */
  readonly root: string;
  readonly supervisorType: string;
  readonly tmuxPrefix: string;
  /** `broker.path` as written, or its default. */
  readonly brokerPath: string;
  /** How long a drain waits by default; 0 means ask once, look once, kill. */
  readonly drainTimeoutMs: number;
  /** Raw bytes of `team-compose.yaml`, which the snapshot's digest covers. */
  readonly composeBytes: Uint8Array;
  /** In the order of the compose file. */
  readonly projects: readonly Project[];
  /** By name: the built-in ones, and those of `runtimes/*.yaml`, which win. */
  readonly runtimes: ReadonlyMap<string, Runtime>;
}

export interface Project {
  readonly id: string;
  readonly name: string;
  /** As written; a relative one is relative to the team's root. */
  readonly cwd: string;
  /** Managers then workers, each in byte order of the id: teamctl's order for everything. */
  readonly agents: readonly Agent[];
}

export interface Agent {
  readonly id: AgentId;
  readonly project: string;
  readonly name: string;
  readonly role: 'manager' | 'worker';
  readonly runtime: string;
  readonly model?: string;
  /** As written. */
  readonly rolePrompt?: string;
  readonly permissionMode?: string;
  readonly effort?: string;
  /** The bare name of a manager of the same project. */
  readonly reportsTo?: string;
}

/** The program an agent is an instance of. */
export interface Runtime {
  readonly name: string;
  /** Looked up on the PATH unless it holds a slash. */
  readonly binary: string;
  readonly drain?: RuntimeDrain;
}

/** The `drain:` key of `runtimes/<name>.yaml`, which teamctl ignores. */
export interface RuntimeDrain {
  /** What is typed at half the budget. */
  readonly secondAsk?: Ask;
  readonly budgetMs?: number;
}
