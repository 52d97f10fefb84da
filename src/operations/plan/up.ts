import type { Plan, Step } from '../../domain/plan.ts';
import { outlivedObstacle } from '../../language/status.ts';
import type { PlannedStep } from '../../team/reload/reload-plan.ts';
import { loopWaits, plannedChanges, waitsForItsLoop } from './changes.ts';
import type { Situation } from './plan-input.ts';

/** Starts what does not run. A running agent keeps its files, even if the team's say something else by now. */
export function planUp(situation: Situation): Plan {
  const { steps } = plannedChanges(situation);
  return { steps: steps.map((step) => toStep(step, situation)) };
}

function toStep(
  { id, action, why, spec, running, startedOn }: PlannedStep,
  { targets, observed, wantedDown }: Situation,
): Step {
  const seen = observed.get(id);
  const depth = targets.find((target) => target.id === id)?.depth ?? 0;
  const step = { id, depth, budgetMs: 0 };
  if (spec === undefined) return { ...step, action: 'leave', why: ["gone from the team's files"] };
  if (action === 'leave' && seen !== undefined && seen.state !== 'unknown') return { ...step, action, why };
  const outlived = outlivedObstacle(seen);
  if (outlived !== undefined) return { ...step, action: 'leave', why: [outlived] };
  if (seen?.state === 'running') {
    return action === 'change'
      ? { ...step, action: 'leave', why: [`running, needs reload: ${why.join('+')}`] }
      : { ...step, action: 'keep', why: ['running'] };
  }
  if (seen?.state === 'stopped') {
    if (startedOn !== undefined) {
      const mover = wantedDown.has(id) ? 'restart' : 'reload';
      return { ...step, action: 'leave', why: [`was started on ${startedOn}: ${mover} moves it`] };
    }
    if (seen.restarting && running !== undefined && running.session !== spec.session) {
      const found = `its own loop is still in the session ${running.session}`;
      return { ...step, action: 'leave', why: [`${found}: reload ends it`] };
    }
    if (waitsForItsLoop(seen)) return { ...step, action: 'up', why: [...why, loopWaits], start: spec };
    if (seen.restarting)
      return { ...step, action: 'leave', why: ['its own loop is about to start it again'] };
    return { ...step, action: 'up', why, start: spec };
  }
  return { ...step, action: 'leave', why: [`unknown: ${seen?.reason ?? 'not observed'}`] };
}
