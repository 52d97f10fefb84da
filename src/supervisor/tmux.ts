import type { AgentSpec } from '../team/agent-spec.ts';
import type { AgentId } from '../team/team.ts';
import { type Clock, systemClock } from './clock.ts';
import { readEnd } from './ends.ts';
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
import { type FoundAgent, findAgents } from './tmux-agents.ts';
import { createTmux, type Environment, type Tmux } from './tmux-command.ts';
import { type TmuxEventsOptions, watchTmux } from './tmux-events.ts';
import { createOutlastingTmux } from './tmux-outlasting.ts';
import { checkSpec, launcherPath, type Starting, start } from './tmux-start.ts';
import { beginStop, type Stop, type Stopping } from './tmux-stop.ts';
import { capture } from './tmux-text.ts';

export interface TmuxSupervisorOptions {
  /** The team's root. */
  readonly root: string;
  /** What tmux and, where a server has to be started, the agents inherit; see `agentEnvironment`. */
  readonly env: Environment;
  /** Absolute path of the POSIX sh launcher; default: ours. */
  readonly launcher?: string;
  /** Between two looks at an agent that was asked to stop. */
  readonly pollMs?: number;
  /** For every tmux command. */
  readonly commandTimeoutMs?: number;
  /** For the one command behind `state` and `observe`, which people wait for. */
  readonly observeTimeoutMs?: number;
  /** How long an agent has to live before `up` calls it started. */
  readonly settleMs?: number;
  /** In place of the user's tmux configuration, if the server has to be started. */
  readonly configFile?: string;
  readonly clock?: Clock;
}

/** Agents in sessions of the tmux server that teamctl would use. */
export class TmuxSupervisor implements Supervisor {
  readonly #tmux: Tmux;
  readonly #starting: Starting;
  readonly #stopping: Stopping;
  readonly #observeTimeoutMs: number;
  readonly #events: TmuxEventsOptions;

  constructor(options: TmuxSupervisorOptions) {
    const { root, env, configFile, clock = systemClock, commandTimeoutMs = 5000 } = options;
    const tmuxOptions = {
      env,
      timeoutMs: commandTimeoutMs,
      ...(configFile === undefined ? {} : { configFile }),
    };
    const tmux = createTmux(tmuxOptions);
    this.#tmux = tmux;
    this.#observeTimeoutMs = options.observeTimeoutMs ?? 1500;
    this.#events = {
      root,
      env,
      tmux,
      clock,
      timeoutMs: this.#observeTimeoutMs,
      toObservation: (found) => this.#toObservation(found),
    };
    this.#starting = {
      tmux,
      outlasting: createOutlastingTmux(tmux, { ...tmuxOptions, root }),
      env,
      root,
      clock,
      launcher: options.launcher ?? launcherPath,
      settleMs: options.settleMs ?? 300,
    };
    this.#stopping = {
      tmux,
      root,
      clock,
      pollMs: options.pollMs ?? 50,
    };
  }

  async up(agent: AgentSpec): Promise<void> {
    await checkSpec(agent);
    let found = await this.#find(agent, 'start');
    if (found.lead !== undefined) return;
    if (found.panes.length > 0) {
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
    const whereabouts = await findAgents(this.#tmux, agents, this.#observeTimeoutMs);
    if (whereabouts.kind === 'unknown') {
      const { reason } = whereabouts;
      return new Map(agents.map((agent) => [agent.id, { state: 'unknown', reason }]));
    }
    return new Map(whereabouts.agents.map((found) => [found.spec.id, this.#toObservation(found)]));
  }

  async lastLines(agent: AgentSpec, count: number): Promise<readonly string[]> {
    const { panes } = await this.#find(agent, 'read');
    return (await Promise.all(panes.map((pane) => capture(this.#tmux, pane, count)))).flat().slice(-count);
  }

  watch(agents: readonly AgentSpec[], onChange: (change: StateChange) => void): Watch {
    return watchTmux(this.#events, agents, onChange);
  }

  async #stop(agent: AgentSpec): Promise<Stop> {
    return beginStop(await this.#find(agent, 'stop'), this.#stopping);
  }

  async #find(agent: AgentSpec, purpose: 'start' | 'stop' | 'read'): Promise<FoundAgent> {
    const whereabouts = await findAgents(this.#tmux, [agent]);
    if (whereabouts.kind === 'unknown') {
      throw new SupervisorError(`cannot ${purpose} ${agent.id}: ${whereabouts.reason}`);
    }
    const [found] = whereabouts.agents;
    if (!found) throw new Error(`nothing was said about ${agent.id}`);
    return found;
  }

  #toObservation({ spec, lead, betweenLives }: FoundAgent): Observation {
    const end = readEnd(this.#starting.root, spec);
    const lastEnd = end ? { lastEnd: end } : {};
    if (!lead) return { state: 'stopped', restarting: betweenLives, ...lastEnd };
    return { state: 'running', incarnation: incarnationOf(lead), since: startedAt(lead), ...lastEnd };
  }
}
