import process from 'node:process';
import type { AgentSpec } from '../team/agent-spec.ts';
import type { AgentId } from '../team/team.ts';
import { type Clock, systemClock } from './clock.ts';
import { readEnd } from './ends.ts';
import { type FoundAgent, findAgents } from './launchd-agents.ts';
import { createLaunchctl } from './launchd-command.ts';
import { jobOf } from './launchd-job.ts';
import { readTail } from './launchd-log.ts';
import { checkSpec, type Starting, start } from './launchd-start.ts';
import { beginStop, type Stop, type Stopping } from './launchd-stop.ts';
import { incarnationOf, startedAt } from './process-life.ts';
import {
  type AgentState,
  type DownResult,
  type DrainOptions,
  type DrainResult,
  type Observation,
  type StateChange,
  type StopOptions,
  type Supervisor,
  SupervisorError,
  type Watch,
} from './supervisor.ts';
import { watchByPolling } from './watch-polling.ts';

export interface LaunchdSupervisorOptions {
  /** The team's root. */
  readonly root: string;
  /** Decides where launchctl is found, and is what the agents inherit; see `agentEnvironment`. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `gui/UID` if absent (`system` for root): it ends when that user logs out. `user/UID` does not, but has no keychain. */
  readonly domain?: string;
  /** The team's drain budget: launchd keeps to it when somebody else stops an agent. */
  readonly budgetMs?: number;
  /** Between two looks at an agent that was asked to stop. */
  readonly pollMs?: number;
  /** For every launchctl command. */
  readonly commandTimeoutMs?: number;
  /** For the one command behind `state` and `observe`, which people wait for. */
  readonly observeTimeoutMs?: number;
  /** How long an agent has to live before `up` calls it started. */
  readonly settleMs?: number;
  readonly clock?: Clock;
}

/** Agents as jobs of launchd, one each, that it starts again until they are asked to stop. They have no terminal. */
export class LaunchdSupervisor implements Supervisor {
  readonly #starting: Starting;
  readonly #stopping: Stopping;
  readonly #observeTimeoutMs: number;

  /** Throws where there is no launchd. */
  static onThisHost(options: LaunchdSupervisorOptions): LaunchdSupervisor {
    const obstacle = launchdUnavailable();
    if (obstacle !== undefined) throw new SupervisorError(obstacle);
    return new LaunchdSupervisor(options);
  }

  constructor(options: LaunchdSupervisorOptions) {
    const { root, env, clock = systemClock } = options;
    const launchctl = createLaunchctl(env, options.commandTimeoutMs ?? 5000);
    const launchd = { root, launchctl, domain: options.domain ?? ownDomain(), clock };
    this.#observeTimeoutMs = options.observeTimeoutMs ?? 1500;
    this.#starting = {
      ...launchd,
      env,
      budgetMs: options.budgetMs ?? 10_000,
      settleMs: options.settleMs ?? 300,
    };
    this.#stopping = {
      ...launchd,
      pollMs: options.pollMs ?? 50,
    };
  }

  async up(agent: AgentSpec): Promise<void> {
    await checkSpec(agent);
    let found = await this.#find(agent, 'start');
    if (found.lead !== undefined) return;
    if (found.listed !== undefined) {
      await beginStop(found, this.#stopping).drain({ budgetMs: 0 });
      found = await this.#find(agent, 'start');
    }
    if (found.lead === undefined) await start(agent, this.#starting);
  }

  async down(agent: AgentSpec, options: StopOptions = {}): Promise<DownResult> {
    return (await this.#stop(agent)).down(options);
  }

  async drain(agent: AgentSpec, options: DrainOptions): Promise<DrainResult> {
    return (await this.#stop(agent)).drain(options);
  }

  async state(agent: AgentSpec): Promise<AgentState> {
    return (await this.observe([agent])).get(agent.id)?.state ?? 'unknown';
  }

  async observe(agents: readonly AgentSpec[]): Promise<ReadonlyMap<AgentId, Observation>> {
    const whereabouts = await findAgents(this.#stopping, agents, this.#observeTimeoutMs);
    if (whereabouts.kind === 'unknown') {
      const { reason } = whereabouts;
      return new Map(agents.map((agent) => [agent.id, { state: 'unknown', reason }]));
    }
    return new Map(whereabouts.agents.map((found) => [found.spec.id, this.#toObservation(found)]));
  }

  async lastLines(agent: AgentSpec, count: number): Promise<readonly string[]> {
    return readTail(jobOf(this.#starting.root, agent).log, count);
  }

  watch(agents: readonly AgentSpec[], onChange: (change: StateChange) => void): Watch {
    return watchByPolling(this, agents, onChange);
  }

  async #stop(agent: AgentSpec): Promise<Stop> {
    return beginStop(await this.#find(agent, 'stop'), this.#stopping);
  }

  async #find(agent: AgentSpec, purpose: 'start' | 'stop'): Promise<FoundAgent> {
    const whereabouts = await findAgents(this.#stopping, [agent]);
    if (whereabouts.kind === 'unknown') {
      throw new SupervisorError(`cannot ${purpose} ${agent.id}: ${whereabouts.reason}`);
    }
    const [found] = whereabouts.agents;
    if (!found) throw new Error(`nothing was said about ${agent.id}`);
    return found;
  }

  #toObservation({ spec, lead, betweenLives, willRestart }: FoundAgent): Observation {
    const end = readEnd(this.#starting.root, spec);
    const lastEnd = end ? { lastEnd: end } : {};
    if (!lead) return { state: 'stopped', restarting: betweenLives || willRestart, ...lastEnd };
    return { state: 'running', incarnation: incarnationOf(lead), since: startedAt(lead), ...lastEnd };
  }
}

/** Why this host cannot run agents under launchd, if it cannot. */
export function launchdUnavailable(platform: NodeJS.Platform = process.platform): string | undefined {
  if (platform === 'darwin') return undefined;
  return `supervisor.type is launchd, which is part of macOS; this host runs ${platform}: use tmux`;
}

function ownDomain(): string {
  const uid = process.getuid?.();
  return uid === 0 ? 'system' : `gui/${uid}`;
}
