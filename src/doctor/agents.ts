import { readRoster } from '../operations/roster.ts';
import { backendNames } from '../supervisor/backends.ts';
import type { Observation } from '../supervisor/supervisor.ts';
import { openTeamBackend } from '../supervisor/team-backend.ts';
import type { AgentId } from '../team/team.ts';
import type { Examined } from './examined.ts';

/** What the team's own back-end says of its agents. */
export interface AgentsSeen {
  readonly type: string;
  readonly agents: ReadonlyMap<AgentId, Observation>;
}

/** Asks as `/team status` would. Rejects for a back-end that this host cannot have. */
export async function observeAgents(root: string, { agentEnv: env }: Examined): Promise<AgentsSeen> {
  const { type, supervisor } = await openTeamBackend(root, env);
  const { agents } = await readRoster({ root, supervisorTypes: backendNames, path: env.PATH });
  return { type, agents: await supervisor.observe(agents.map(({ spec }) => spec)) };
}
