import process from 'node:process';
import type { AgentSpec } from '../../domain/agent.ts';
import { HostSupervisor } from '../lifecycle/host-supervisor.ts';
import { watchByPolling } from '../lifecycle/watch-by-polling.ts';
import { type Clock, systemClock } from '../process/clock.ts';
import { type StateChange, SupervisorError, type Watch } from '../supervisor.ts';
import { type FoundInLaunchd, findAgents } from './find.ts';
import { jobOf } from './job.ts';
import { createLaunchctl } from './launchctl.ts';
import { readTail } from './log-file.ts';
import { type Starting, start } from './start.ts';
import { beginStop, type Stopping } from './stop.ts';

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
export class LaunchdSupervisor extends HostSupervisor<FoundInLaunchd> {
  readonly #root: string;

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
    const starting: Starting = {
      ...launchd,
      env,
      budgetMs: options.budgetMs ?? 10_000,
      settleMs: options.settleMs ?? 300,
    };
    const stopping: Stopping = { ...launchd, pollMs: options.pollMs ?? 250 };
    super({
      root,
      env,
      clock,
      observeTimeoutMs: options.observeTimeoutMs ?? 1500,
      findAll: (agents, timeoutMs) => findAgents(launchd, agents, timeoutMs),
      beginStop: (found) => beginStop(found, stopping),
      start: (found, find) => start(found, find, starting),
      isInTheWay: ({ listed }) => listed !== undefined,
      notRunning: ({ betweenLives, willRestart }) => ({ restarting: betweenLives || willRestart }),
    });
    this.#root = root;
  }

  async lastLines(agent: AgentSpec, count: number): Promise<readonly string[]> {
    return readTail(jobOf(this.#root, agent).log, count);
  }

  watch(agents: readonly AgentSpec[], onChange: (change: StateChange) => void): Watch {
    return watchByPolling((asked) => this.look(asked), agents, onChange);
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
