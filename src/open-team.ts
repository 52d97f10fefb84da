import { hostname } from 'node:os';
import type { Host } from './operations/host.ts';
import type { Journal } from './operations/journal.ts';
import type { Lives } from './operations/left-behind.ts';
import { createProjectLocks, type ProjectLocks } from './operations/project-locks.ts';
import { type Records, recordsIn } from './operations/records.ts';
import { createTeamLock, lives } from './operations/team-lock.ts';
import { type Settings, settingNames } from './settings.ts';
import { agentEnvironment } from './supervisor/agent-environment.ts';
import { whatIsLeft } from './supervisor/noted.ts';
import { ownIncarnation } from './supervisor/process-life.ts';
import type { Incarnation } from './supervisor/supervisor.ts';
import { openTeamBackend } from './supervisor/team-backend.ts';
import { atSocket, type Environment } from './supervisor/tmux-command.ts';
import { readWorkTree } from './supervisor/work-tree.ts';
import { resolveTeamMcp } from './team/team-mcp.ts';

export interface TeamToOpen {
  readonly root: string;
  /** Of this process. */
  readonly env: Environment;
  readonly settings: Pick<Partial<Settings>, 'TMUX_SOCKET'>;
  readonly journal: Journal;
}

/** What every process of Muster's works with, so that they see, write and hold the same. */
export interface OpenTeam {
  readonly host: Host;
  readonly records: Records;
  readonly locks: ProjectLocks;
  /** This process. */
  readonly self: Incarnation;
  readonly lives: Lives;
}

/** Rejects with a `SupervisorError` where the back-end that the team asks for cannot be had. */
export async function openTeam({ root, env, settings, journal }: TeamToOpen): Promise<OpenTeam> {
  const agentEnv = atSocket(agentEnvironment(env, settingNames), settings.TMUX_SOCKET);
  const { types, supervisor } = await openTeamBackend(root, agentEnv);
  const self = await ownIncarnation();
  const records = recordsIn(journal, self);
  return {
    host: {
      root,
      name: hostname(),
      supervisor,
      supervisorTypes: types,
      path: agentEnv.PATH,
      teamMcp: await resolveTeamMcp({ env, root }),
      wanted: records.wanted,
      drainBudgets: records.drainBudgets,
      whatIsLeft,
      readWorkTree: (directory) => readWorkTree(directory, agentEnv.PATH),
    },
    records,
    locks: createTeamLock({ root, here: createProjectLocks(), self }),
    self,
    lives: (owner) => lives(owner, self),
  };
}
