import type { Plan, Step } from '../../domain/plan.ts';
import { outlivedObstacle } from '../../language/status.ts';
import type { PlannedStep } from '../../team/reload/reload-plan.ts';
import type { SnapshotRead } from '../../team/reload/snapshot.ts';
import { loopWaits, plannedChanges, waitsForItsLoop } from './changes.ts';
import type { Situation } from './plan-input.ts';
import { drainBudgetMs } from './stops.ts';

/** Drains what changed or went away and starts what is new, changed or dead; leaves the rest alone. */
export function planReloadSteps(situation: Situation): Plan {
  return {
    steps: plannedChanges(situation).steps.map((step) => reloadStep(step, situation)),
    ...noteOn(situation.roster.applied.snapshot),
  };
}

/** With nothing to compare with, what changed or went away since it was started goes unnoticed. */
function noteOn(snapshot: SnapshotRead): Pick<Plan, 'note'> {
  switch (snapshot.kind) {
    case 'snapshot':
      return {};
    case 'newer': {
      const found = `state/applied.json has schema ${snapshot.schema}, newer than 2`;
      return { note: `I cannot tell what changed: ${found}. With --force all are restarted.` };
    }
    case 'none':
      return snapshot.isMissing === true
        ? {}
        : { note: `I cannot tell what changed or was removed: ${snapshot.why}.` };
  }
}

/** One agent's part of the plan, as an operation carries it out. */
export function reloadStep(planned: PlannedStep, situation: Situation): Step {
  const { id, why, spec } = planned;
  const { targets, observed } = situation;
  const target = targets.find((each) => each.id === id);
  const seen = observed.get(id);
  const idle = seen?.state === 'stopped' && !seen.restarting;
  const stop = idle || target === undefined ? {} : { stop: target.spec };
  const start = spec === undefined ? {} : { start: spec };
  const budgetMs = drainBudgetMs(situation, target ?? { id });
  const step = { id, why, depth: target?.depth ?? 0, budgetMs };
  switch (planned.action) {
    case 'add':
    case 'start':
      return { ...step, ...start, action: 'up' };
    case 'change':
      return { ...step, ...stop, ...start, action: 'replace' };
    case 'remove':
      return { ...step, ...stop, action: 'remove' };
    case 'keep': {
      const outlived = outlivedObstacle(seen);
      if (outlived !== undefined) return { ...step, why: [outlived], action: 'leave' };
      if (waitsForItsLoop(seen)) return { ...step, ...start, why: [...why, loopWaits], action: 'up' };
      return planned.adopts ? { ...step, ...start, action: 'adopt' } : { ...step, action: 'keep' };
    }
    case 'leave':
      return { ...step, why: seen?.state === 'unknown' ? [`unknown: ${seen.reason}`] : why, action: 'leave' };
  }
}

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
