import type { KnownAgent } from './roster.ts';
import type { Situation } from './situation.ts';

/** teamctl's default, for a team that does not load. */
const defaultBudgetMs = 10_000;

/** How long an agent gets to stop: what the person says now, else what is usual for it. */
export function drainBudgetMs(situation: Situation, target: Pick<KnownAgent, 'id' | 'agent'>): number {
  return situation.request.budgetMs ?? usualBudgetMs(situation, target);
}

/** What somebody has asked for it once and for all, else what its runtime says, else what the team says. Throws `JournalError`. */
export function usualBudgetMs(
  { host, roster }: Pick<Situation, 'host' | 'roster'>,
  { id, agent }: Pick<KnownAgent, 'id' | 'agent'>,
): number {
  const stored = host.drainBudgets.of(id);
  if (stored !== undefined) return stored.budgetMs;
  if (roster.team.kind !== 'loaded') return defaultBudgetMs;
  const { runtimes, drainTimeoutMs } = roster.team.team;
  const ofRuntime = agent === undefined ? undefined : runtimes.get(agent.runtime)?.drain?.budgetMs;
  return ofRuntime ?? drainTimeoutMs;
}
