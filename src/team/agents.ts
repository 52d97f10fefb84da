import type { Agent, AgentId, Team } from './team.ts';

/** Every agent, project by project in the compose file's order, managers before workers. */
export function agentsOf(team: Team): readonly Agent[] {
  return team.projects.flatMap((project) => project.agents);
}

export function findAgent(team: Team, id: string): Agent | undefined {
  return agentsOf(team).find((agent) => agent.id === id);
}

export function agentId(project: string, agent: string): AgentId {
  return `${project}:${agent}`;
}

/** The two halves of an id. An id of a foreign snapshot may hold more colons: the project ends at the first. */
export function splitAgentId(id: AgentId): { project: string; agent: string } {
  const colon = id.indexOf(':');
  return { project: id.slice(0, colon), agent: id.slice(colon + 1) };
}
