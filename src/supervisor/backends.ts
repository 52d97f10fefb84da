import { loadTeam } from '../team/files/load.ts';
import { readSnapshot } from '../team/reload/snapshot.ts';
import { LaunchdSupervisor, launchdUnavailable } from './launchd/launchd-supervisor.ts';
import type { Environment } from './programs/environment.ts';
import { createRoutedSupervisor } from './routed-supervisor.ts';
import { type Supervisor, SupervisorError } from './supervisor.ts';
import { SystemdSupervisor } from './systemd/systemd-supervisor.ts';
import { TmuxSupervisor } from './tmux/tmux-supervisor.ts';

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

export interface TeamBackend {
  /** The one that the team asks for; where the team cannot be read, the one its agents were last started on. */
  readonly type: string;
  /** Every one that it may ask for from now on. */
  readonly types: readonly string[];
  /** Reaches each agent where it was started, whatever the team asks for by then. */
  readonly supervisor: Supervisor;
}

/** Rejects with a `SupervisorError` where the back-end that the team asks for cannot be had. */
export async function openTeamBackend(root: string, env: Environment): Promise<TeamBackend> {
  const [read, recorded] = await Promise.all([
    loadTeam(root, { supervisorTypes: backendNames }),
    readSnapshot(root),
  ]);
  const options = { root, env, ...(read.kind === 'loaded' && { budgetMs: read.team.drainTimeoutMs }) };
  const last = recorded.kind === 'snapshot' ? recorded.snapshot.global.supervisor_type : 'tmux';
  const type = read.kind === 'loaded' ? read.team.supervisorType : last;
  const open = backends[type];
  if (!open) throw new SupervisorError(`the team's agents were started on ${type}, ${notKnown}`);
  const first = open(options);
  return {
    type,
    types: backendsOfThisHost(),
    supervisor: createRoutedSupervisor((name) => (name === type ? first : openRecorded(name, options))),
  };
}

/** The name comes from what was recorded when an agent was started, maybe by another Muster or on another host. */
function openRecorded(name: string, options: BackendOptions): Supervisor {
  const open = backends[name];
  if (!open) throw new SupervisorError(`it was started on ${name}, ${notKnown}`);
  if (!backendsOfThisHost().includes(name)) {
    throw new SupervisorError(`it was started on ${name}, which this host does not have`);
  }
  return open(options);
}

const notKnown = `which this Muster does not know; it knows ${backendNames.join(', ')}`;
