import type { Observation } from '../supervisor/supervisor.ts';
import type { Plan, Step } from './plan.ts';
import type { KnownAgent } from './roster.ts';
import type { Situation } from './situation.ts';

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
