import { hostname } from 'node:os';
import type { Incarnation } from '../domain/observation.ts';
import type { Journal } from '../journal/journal.ts';
import type { Host } from '../operations/host.ts';
import { createProjectLocks, type ProjectLocks } from '../operations/locks/project-locks.ts';
import { createTeamLock, lives } from '../operations/locks/team-lock.ts';
import { type Records, recordsIn } from '../operations/records/records.ts';
import type { Lives } from '../operations/recovery.ts';
import { type Settings, settingNames } from '../settings.ts';
import { openTeamBackend } from '../supervisor/backends.ts';
import { ownIncarnation } from '../supervisor/process/process-life.ts';
import { whatIsLeft } from '../supervisor/process/stop-target.ts';
import { agentEnvironment, type Environment } from '../supervisor/programs/environment.ts';
import { readWorkTree } from '../supervisor/programs/work-tree.ts';
import { atSocket } from '../supervisor/tmux/socket.ts';
import { resolveTeamMcp } from '../team/team-mcp.ts';

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
