import type { Observation } from '../../domain/observation.ts';
import type { Plan, Step } from '../../domain/plan.ts';
import type { Situation } from './plan-input.ts';
import type { KnownAgent } from './roster.ts';

/** A hard stop, without asking the agents first. Its budgets say what a drain would have cost. */
export function planDown(situation: Situation): Plan {
  return planStops(situation, 'down', (target) => drainBudgetMs(situation, target));
}

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

/** A graceful stop with force at the end of the budget. */
export function planDrain(situation: Situation): Plan {
  return planStops(situation, 'drain', (target) => drainBudgetMs(situation, target));
}

/** Stopping works from the snapshot too, with a team that does not load. */
export function planStops(
  { targets, observed }: Situation,
  action: 'down' | 'drain',
  budgetMs: (target: KnownAgent) => number,
): Plan {
  const steps = targets.map((target): Step => {
    const { id, spec, depth } = target;
    const seen = observed.get(id);
    if (seen?.state === 'stopped' && !seen.restarting) {
      return { id, action: 'keep', why: ['already stopped'], depth, budgetMs: 0 };
    }
    return { id, action, why: whyStop(seen), stop: spec, depth, budgetMs: budgetMs(target) };
  });
  return { steps };
}

/** An agent that cannot be seen is stopped all the same: one that isn't there is no error. */
function whyStop(seen: Observation | undefined): readonly string[] {
  if (seen?.state === 'unknown') return [`unknown: ${seen.reason}`];
  return seen?.state === 'stopped' ? ['restarting'] : [];
}
