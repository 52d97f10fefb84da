import type { Plan } from './plan.ts';
import { planStops } from './plan-stops.ts';
import type { Situation } from './situation.ts';

/** A hard stop, without asking the agents first. */
export function planDown(situation: Situation): Plan {
  return planStops(situation, 'down', () => 0);
}
