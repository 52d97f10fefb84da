import type { Plan, Step } from './plan.ts';
import { plannedChanges } from './planned-changes.ts';
import { reloadStep } from './reload.ts';
import type { Situation } from './situation.ts';

/** Drains what runs, changed or not, and starts it with the team's files as they are now; starts what does not run. */
export function planRestart(situation: Situation): Plan {
  const forced = { ...situation, request: { ...situation.request, force: true } };
  const steps = plannedChanges(forced).steps.map((step) => restarting(reloadStep(step, situation)));
  return { steps };
}

function restarting(step: Step): Step {
  if (step.action !== 'remove') return { ...step, why: step.why.filter((reason) => reason !== 'forced') };
  const { id, depth, budgetMs } = step;
  return { id, depth, budgetMs, action: 'leave', why: ["gone from the team's files"] };
}
