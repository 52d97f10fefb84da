import { readRoster } from '../operations/roster.ts';
import type { Observation } from '../supervisor/supervisor.ts';
import { openTeamBackend } from '../supervisor/team-backend.ts';
import type { AgentId } from '../team/team.ts';
import type { Examined } from './examined.ts';

/** What is said of a team's agents by the back-ends that they are on. */
export interface AgentsSeen {
  /** The one that the team asks for. */
  readonly type: string;
  readonly agents: ReadonlyMap<AgentId, Observation>;
  /** The one that each agent is on. */
  readonly backends: ReadonlyMap<AgentId, string>;
}

/** Asks as `/team status` would. Rejects for a back-end that this host cannot have. */
export async function observeAgents(root: string, { agentEnv: env }: Examined): Promise<AgentsSeen> {
  const { type, types, supervisor } = await openTeamBackend(root, env);
  const { agents } = await readRoster({ root, supervisorTypes: types, path: env.PATH });
  return {
    type,
    agents: await supervisor.observe(agents.map(({ spec }) => spec)),
    backends: new Map(agents.map(({ id, spec }) => [id, spec.backend])),
  };
}
