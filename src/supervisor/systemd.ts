import process from 'node:process';
import type { AgentSpec } from '../team/agent-spec.ts';
import type { AgentId } from '../team/team.ts';
import { type Clock, systemClock } from './clock.ts';
import { readEnd } from './ends.ts';
import { incarnationOf, startedAt } from './process-life.ts';
import { hasProc, readOf } from './process-table.ts';
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
import { type FoundAgent, findAgents } from './systemd-agents.ts';
import { createRunProgram, userRuntimeDirectory } from './systemd-command.ts';
import { unitDirectory, unitFilesIn } from './systemd-files.ts';
import { readJournal } from './systemd-journal.ts';
import { type Manager, unitNames } from './systemd-names.ts';
import { createReload } from './systemd-reload.ts';
import { receiptProgram, type Starting, start } from './systemd-start.ts';
import { beginStop, type Stop, type Stopping } from './systemd-stop.ts';
import type { RestartSettings } from './systemd-unit.ts';
import type { Environment } from './tmux-command.ts';
import { checkSpec } from './tmux-start.ts';
import { watchByPolling } from './watch-polling.ts';

export interface SystemdSupervisorOptions {
  /** The team's root. */
  readonly root: string;
  /** Decides where systemctl is found and which user's manager is meant, and is what the agents inherit; see `agentEnvironment`. */
  readonly env: Environment;
  /** Default: the manager of the user that Muster runs as. */
  readonly manager?: Manager;
  /** With the host's own manager: the user that the agents run as, if not root. */
  readonly user?: string;
  /** The team's drain budget: systemd keeps to it when somebody else stops an agent. */
  readonly budgetMs?: number;
  /** When systemd starts an agent again that has ended, and when it gives up. */
  readonly restart?: Partial<RestartSettings>;
  /** Between two looks at an agent that was asked to stop. */
  readonly pollMs?: number;
  /** For every command. */
  readonly commandTimeoutMs?: number;
  /** For the commands behind `state` and `observe`, which people wait for. */
  readonly observeTimeoutMs?: number;
  /** How long an agent has to live before `up` calls it started. */
  readonly settleMs?: number;
  readonly clock?: Clock;
}

/** Agents as services of systemd, one unit each, that it starts again until they are asked to stop. */
export class SystemdSupervisor implements Supervisor {
  readonly #starting: Starting;
  readonly #stopping: Stopping;
  readonly #observeTimeoutMs: number;

  constructor(options: SystemdSupervisorOptions) {
    const { root, env, manager = 'user', clock = systemClock, user } = options;
    const run = createRunProgram({ env, manager, timeoutMs: options.commandTimeoutMs ?? 5000 });
    const systemd = {
      root,
      run,
      manager,
      clock,
      names: unitNames(root, manager, process.getuid?.() ?? 0),
      receipt: receiptProgram,
      files: unitFilesIn(unitDirectory(manager, userRuntimeDirectory(env))),
      reload: createReload(run),
    };
    this.#observeTimeoutMs = options.observeTimeoutMs ?? 1500;
    this.#starting = {
      ...systemd,
      ...(user === undefined ? {} : { user }),
      env,
      budgetMs: options.budgetMs ?? 10_000,
      restart: { delayMs: 5000, starts: 10, withinMs: 300_000, ...options.restart },
      settleMs: options.settleMs ?? 300,
    };
    this.#stopping = {
      ...systemd,
      pollMs: options.pollMs ?? 50,
    };
  }

  async up(agent: AgentSpec): Promise<void> {
    await checkSpec(agent);
    let found = await this.#find(agent, 'start');
    if (found.lead !== undefined) return;
    if (found.members.length > 0) {
      await beginStop(found, this.#stopping).drain({ budgetMs: 0 });
      found = await this.#find(agent, 'start');
    }
    if (found.lead === undefined) await start(found, this.#starting);
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

  watch(agents: readonly AgentSpec[], onChange: (change: StateChange) => void): Watch {
    return watchByPolling(this, agents, onChange);
  }

  /** Also of an agent that has stopped. */
  async lastLines(agent: AgentSpec, count: number): Promise<readonly string[]> {
    const { run, manager, names } = this.#stopping;
    return readJournal(run, manager, names.unitOf(agent), count);
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

  #toObservation({ spec, unit, lead, betweenLives, properties }: FoundAgent): Observation {
    const end = readEnd(this.#starting.root, spec);
    const lastEnd = end ? { lastEnd: end } : {};
    if (lead)
      return { state: 'running', incarnation: incarnationOf(lead), since: startedAt(lead), ...lastEnd };
    if (properties?.ActiveState === 'active' && !isVisible(Number(properties.MainPID))) {
      return { state: 'unknown', reason: `systemd runs pid ${properties.MainPID}, which is not ours to see` };
    }
    // The result is that of the last life; a unit that failed although it was to be started again has used up its starts.
    const gaveUp =
      unit?.active === 'failed' && Number(properties?.NRestarts) >= this.#starting.restart.starts - 1;
    return {
      state: 'stopped',
      restarting: betweenLives,
      ...lastEnd,
      ...(gaveUp ? { gaveUp: this.#whyGivenUp() } : {}),
    };
  }

  #whyGivenUp(): string {
    const { starts, withinMs } = this.#starting.restart;
    return `systemd has given up: it was started ${starts} times within ${withinMs / 1000} s and ended each time; \`up\` tries again`;
  }
}

/** On some hosts a user sees no processes but their own. */
function isVisible(pid: number): boolean {
  return pid === 0 || !hasProc || readOf(pid, 'stat') !== undefined;
}
