import { drainBudgetMs } from './drain-budget.ts';
import type { Plan } from './plan.ts';
import { planStops } from './plan-stops.ts';
import type { Situation } from './situation.ts';

/** A graceful stop with force at the end of the budget. */
export function planDrain(situation: Situation): Plan {
  return planStops(situation, 'drain', (target) => drainBudgetMs(situation, target));
}
