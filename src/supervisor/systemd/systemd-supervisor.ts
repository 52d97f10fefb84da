import process from 'node:process';
import type { AgentSpec } from '../../domain/agent.ts';
import { HostSupervisor, type NotRunning } from '../lifecycle/host-supervisor.ts';
import { watchByPolling } from '../lifecycle/watch-by-polling.ts';
import { type Clock, systemClock } from '../process/clock.ts';
import { hasProc, readOf } from '../process/process-table.ts';
import type { Environment } from '../programs/environment.ts';
import type { StateChange, Watch } from '../supervisor.ts';
import { type FoundInSystemd, findAgents } from './find.ts';
import { receiptProgram, type Starting, start } from './start.ts';
import { beginStop, type Stopping } from './stop.ts';
import { createRunProgram, userRuntimeDirectory } from './systemctl.ts';
import { type Manager, type RestartSettings, unitDirectory, unitFilesIn, unitNames } from './unit-file.ts';
import { createReload, type Properties, readJournal } from './units.ts';

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
export class SystemdSupervisor extends HostSupervisor<FoundInSystemd> {
  readonly #stopping: Stopping;

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
    const restart = { delayMs: 5000, starts: 10, withinMs: 300_000, ...options.restart };
    const starting: Starting = {
      ...systemd,
      ...(user === undefined ? {} : { user }),
      env,
      budgetMs: options.budgetMs ?? 10_000,
      restart,
      settleMs: options.settleMs ?? 300,
    };
    const stopping: Stopping = { ...systemd, pollMs: options.pollMs ?? 250 };
    super({
      root,
      env,
      clock,
      observeTimeoutMs: options.observeTimeoutMs ?? 1500,
      findAll: (agents, timeoutMs) => findAgents(systemd, agents, timeoutMs),
      beginStop: (found) => beginStop(found, stopping),
      start: (found, find) => start(found, find, starting),
      isInTheWay: ({ members }) => members.length > 0,
      notRunning: (found) => whyNotRunning(found, restart),
    });
    this.#stopping = stopping;
  }

  watch(agents: readonly AgentSpec[], onChange: (change: StateChange) => void): Watch {
    return watchByPolling((asked) => this.look(asked), agents, onChange);
  }

  /** Also of an agent that has stopped. */
  async lastLines(agent: AgentSpec, count: number): Promise<readonly string[]> {
    const { run, manager, names } = this.#stopping;
    return readJournal(run, manager, names.unitOf(agent), count);
  }
}

function whyNotRunning(
  { betweenLives, properties, unit }: FoundInSystemd,
  { starts, withinMs, delayMs }: RestartSettings,
): NotRunning {
  if (properties?.ActiveState === 'active' && !isVisible(Number(properties.MainPID))) {
    return { state: 'unknown', reason: `systemd runs pid ${properties.MainPID}, which is not ours to see` };
  }
  if (unit?.active !== 'failed' || !properties || !hasUsedUpStarts(properties, starts, delayMs)) {
    return { restarting: betweenLives };
  }
  const gaveUp = `systemd has given up: it was started ${starts} times within ${withinMs / 1000} s and ended each time; \`up\` tries again`;
  return { restarting: false, gaveUp };
}

/**
 * The result is that of the last life. But a unit that has failed because it may not be started again has waited for that start; one
 * that was stopped has not.
 */
function hasUsedUpStarts(properties: Properties, starts: number, delayMs: number): boolean {
  const waitedMs =
    (Number(properties.InactiveEnterTimestampMonotonic) - Number(properties.ExecMainExitTimestampMonotonic)) /
    1000;
  return Number(properties.NRestarts) >= starts - 1 && waitedMs >= delayMs;
}

/** On some hosts a user sees no processes but their own. */
function isVisible(pid: number): boolean {
  return pid === 0 || !hasProc || readOf(pid, 'stat') !== undefined;
}
