import type { Agent } from '../team/team.ts';
import type { Situation } from './situation.ts';

/** teamctl's default, for a team that does not load. */
const defaultBudgetMs = 10_000;

/** How long an agent gets to stop: what the person said, else what its runtime says, else what the team says. */
export function drainBudgetMs({ request, roster }: Situation, agent: Agent | undefined): number {
  if (request.budgetMs !== undefined) return request.budgetMs;
  if (roster.team.kind !== 'loaded') return defaultBudgetMs;
  const { runtimes, drainTimeoutMs } = roster.team.team;
  const ofRuntime = agent === undefined ? undefined : runtimes.get(agent.runtime)?.drain?.budgetMs;
  return ofRuntime ?? drainTimeoutMs;
}
