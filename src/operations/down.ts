import { drainBudgetMs } from './drain-budget.ts';
import type { Plan } from './plan.ts';
import { planStops } from './plan-stops.ts';
import type { Situation } from './situation.ts';

/** A hard stop, without asking the agents first. Its budgets say what a drain would have cost. */
export function planDown(situation: Situation): Plan {
  return planStops(situation, 'down', (target) => drainBudgetMs(situation, target));
}
