import type { AgentSpec } from '../../domain/agent.ts';
import { HostSupervisor } from '../lifecycle/host-supervisor.ts';
import { launcherPath } from '../lifecycle/launcher.ts';
import { type Clock, systemClock } from '../process/clock.ts';
import type { Environment } from '../programs/environment.ts';
import { createShellRunner } from '../programs/shell-runner.ts';
import type { StateChange, Watch } from '../supervisor.ts';
import { type FoundInTmux, findAgents } from './find.ts';
import { barOutsiders } from './owner.ts';
import { capture } from './panes.ts';
import { type Starting, start } from './start.ts';
import { createOutlastingTmux } from './start-server.ts';
import { beginStop, type Stopping } from './stop.ts';
import { createTmux, inTurns, type Tmux } from './tmux.ts';
import { type TmuxEventsOptions, watchTmux } from './watch.ts';

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

/** Of those that act on one agent; the listings, which people wait for, are few as it is. */
const clientsAtOnce = 8;

/** Agents in sessions of the tmux server that teamctl would use. */
export class TmuxSupervisor extends HostSupervisor<FoundInTmux> {
  readonly #tmux: Tmux;
  readonly #events: TmuxEventsOptions;
  readonly #started = new Set<() => void>();

  constructor(options: TmuxSupervisorOptions) {
    const { root, env, configFile, clock = systemClock, commandTimeoutMs = 5000 } = options;
    const tmuxOptions = {
      env,
      timeoutMs: commandTimeoutMs,
      ...(configFile === undefined ? {} : { configFile }),
    };
    const tmux = createTmux({ ...tmuxOptions, run: createShellRunner(env) });
    const observeTimeoutMs = options.observeTimeoutMs ?? 1500;
    const inTurn = inTurns(tmux, clientsAtOnce);
    const starting: Starting = {
      tmux: inTurn,
      outlasting: createOutlastingTmux(tmux, { ...tmuxOptions, root }),
      env,
      root,
      clock,
      launcher: options.launcher ?? launcherPath,
      settleMs: options.settleMs ?? 300,
    };
    const stopping: Stopping = {
      ...{ tmux: inTurn, bar: barOutsiders(env), root, clock },
      pollMs: options.pollMs ?? 250,
    };
    super({
      root,
      env,
      clock,
      observeTimeoutMs,
      findAll: (agents, timeoutMs) => findAgents(tmux, root, agents, timeoutMs),
      beginStop: (found) => beginStop(found, stopping),
      start: (found, find) => start(found, find, starting),
      isInTheWay: ({ panes, members }) => panes.length > 0 || members.length > 0,
      notRunning: ({ betweenLives }) => ({ restarting: betweenLives }),
    });
    this.#tmux = tmux;
    this.#events = {
      root,
      env,
      tmux,
      clock,
      timeoutMs: observeTimeoutMs,
      started: this.#started,
      toObservation: (found) => this.toObservation(found),
    };
  }

  override async up(agent: AgentSpec): Promise<void> {
    await super.up(agent);
    for (const tell of this.#started) tell();
  }

  async lastLines(agent: AgentSpec, count: number): Promise<readonly string[]> {
    const { panes } = await this.find(agent, `cannot read ${agent.id}`);
    return (await Promise.all(panes.map((pane) => capture(this.#tmux, pane, count)))).flat().slice(-count);
  }

  watch(agents: readonly AgentSpec[], onChange: (change: StateChange) => void): Watch {
    return watchTmux(this.#events, agents, onChange);
  }
}
