import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Journal } from '../journal/journal.ts';
import { NotReadyError } from '../language/refusals.ts';
import { createProjectLocks } from '../operations/locks/project-locks.ts';
import { createTeamLock } from '../operations/locks/team-lock.ts';
import { recordsIn } from '../operations/records/records.ts';
import { type Settings, settingNames } from '../settings.ts';
import { openTeamBackend } from '../supervisor/backends.ts';
import { isStillRunning, ownIncarnation } from '../supervisor/process/process-life.ts';
import { agentEnvironment, type Environment } from '../supervisor/programs/environment.ts';
import { atSocket } from '../supervisor/tmux/socket.ts';
import { findTeamRoot, TeamNotFoundError } from '../team/discover.ts';
import { resolveTeamMcp } from '../team/team-mcp.ts';
import { createLocalSite, type LocalSiteOptions, refusalBy } from './local-site.ts';
import { createOwnAudit, type OwnAudit } from './own-audit.ts';
import { type Opening, openOwnJournal } from './own-journal.ts';
import type { Site } from './site.ts';

export interface TeamToOpen {
  readonly root: string;
  /** Of this process. */
  readonly env: Environment;
  readonly settings: Pick<Partial<Settings>, 'TMUX_SOCKET'>;
  readonly journal: Journal;
}

/** What every process of Muster's works with, so that they see, write and hold the same. */
export type OpenTeam = Omit<LocalSiteOptions, 'timers'>;

export interface SiteToOpen extends Opening {
  /** Of this process. */
  readonly env: Environment;
  /** From where the team is looked for, unless the settings name it. */
  readonly cwd: string;
  readonly settings: Pick<Partial<Settings>, 'TEAM_ROOT' | 'MUSTER_STATE_DIR' | 'TMUX_SOCKET'>;
}

/** The site of whoever works on its host, with the journal of the bot. Throws `NotReadyError` and `RefusedError`; then nothing was touched. */
export async function openSite({
  env,
  cwd,
  settings,
  ...opening
}: SiteToOpen): Promise<{ readonly site: Site; readonly audit: OwnAudit }> {
  try {
    const root = findTeamRoot({ root: settings.TEAM_ROOT, env, cwd });
    const journal = openOwnJournal(settings.MUSTER_STATE_DIR ?? join(root, 'state/muster'), opening);
    const team = await openTeam({ root, env, settings, journal });
    return { site: createLocalSite(team), audit: createOwnAudit(team.records.audit) };
  } catch (error) {
    throw error instanceof TeamNotFoundError ? new NotReadyError(error.message) : refusalBy(error);
  }
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
      teamMcp: await resolveTeamMcp({ env, root }),
      wanted: records.wanted,
      drainBudgets: records.drainBudgets,
    },
    records,
    locks: createTeamLock({ root, here: createProjectLocks(), self, lives: isStillRunning }),
    self,
    lives: isStillRunning,
  };
}
