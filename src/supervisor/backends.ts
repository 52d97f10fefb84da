import { LaunchdSupervisor, launchdUnavailable } from './launchd.ts';
import type { Supervisor } from './supervisor.ts';
import { SystemdSupervisor } from './systemd.ts';
import { TmuxSupervisor } from './tmux.ts';
import type { Environment } from './tmux-command.ts';

/** What every back-end is told. */
export interface BackendOptions {
  /** The team's root. */
  readonly root: string;
  /** What the back-end's programs and the agents inherit; see `agentEnvironment`. */
  readonly env: Environment;
  /** The team's drain budget, for back-ends that keep to it also when somebody else stops an agent. */
  readonly budgetMs?: number;
}

/** Every way of keeping agents running, by the name that `supervisor.type` uses. A new one: its file, and its line here. */
export const backends: Readonly<Record<string, (options: BackendOptions) => Supervisor>> = {
  tmux: (options) => new TmuxSupervisor(options),
  systemd: (options) => new SystemdSupervisor(options),
  launchd: (options) => LaunchdSupervisor.onThisHost(options),
};

/** Why a back-end cannot be had on this host at all, by its name. */
const obstacles: Readonly<Record<string, () => string | undefined>> = { launchd: () => launchdUnavailable() };

export const backendNames: readonly string[] = Object.keys(backends);

/** What a team may ask for on this host. */
export function backendsOfThisHost(): readonly string[] {
  return backendNames.filter((name) => obstacles[name]?.() === undefined);
}
