import { loadTeam } from '../team/load.ts';
import { readSnapshot } from '../team/snapshot.ts';
import { backendNames, backends } from './backends.ts';
import { type Supervisor, SupervisorError } from './supervisor.ts';
import type { Environment } from './tmux-command.ts';

/**
 * The back-end that the team asks for; where the team cannot be read, the one its agents were last started on. It is chosen once:
 * a team that asks for another one later has to be refused, or its agents would be looked for where they are not.
 */
export async function openTeamBackend(
  root: string,
  env: Environment,
): Promise<{ readonly type: string; readonly supervisor: Supervisor }> {
  const [read, recorded] = await Promise.all([
    loadTeam(root, { supervisorTypes: backendNames }),
    readSnapshot(root),
  ]);
  const budgetMs = read.kind === 'loaded' ? { budgetMs: read.team.drainTimeoutMs } : {};
  const last = recorded.kind === 'snapshot' ? recorded.snapshot.global.supervisor_type : 'tmux';
  const type = read.kind === 'loaded' ? read.team.supervisorType : last;
  const open = backends[type];
  if (!open) {
    throw new SupervisorError(
      `the team's agents were started on ${type}, which this Muster does not know; it knows ${backendNames.join(', ')}`,
    );
  }
  return { type, supervisor: open({ root, env, ...budgetMs }) };
}
