import type { DownResult, DrainResult } from '../supervisor/supervisor.ts';
import type { AgentId } from '../team/team.ts';
import type { OperationEvent } from './events.ts';
import { activeSteps, type Plan, type Step } from './plan.ts';

/** How far one agent is. `done` covers everything its step asked for. */
export type StepPhase =
  | { readonly kind: 'pending' }
  | { readonly kind: 'draining'; readonly since: Date; readonly budgetMs: number }
  | { readonly kind: 'killing' }
  | { readonly kind: 'waiting-to-start' }
  | { readonly kind: 'starting' }
  | { readonly kind: 'forgetting' }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly error: Error };

export interface StepProgress {
  readonly step: Step;
  readonly phase: StepPhase;
  /** How it was stopped, if it was. */
  readonly stop?: { readonly at: Date; readonly result: DrainResult | DownResult };
}

export type Progress = ReadonlyMap<AgentId, StepProgress>;

export function progressAtStart(plan: Plan): Progress {
  return new Map(activeSteps(plan).map((step) => [step.id, { step, phase: { kind: 'pending' } }]));
}

export function advance(progress: Progress, event: OperationEvent): Progress {
  const before = progress.get(event.id);
  if (before === undefined) return progress;
  return new Map(progress).set(event.id, after(before, event));
}

function after(before: StepProgress, event: OperationEvent): StepProgress {
  switch (event.kind) {
    case 'draining':
      return { ...before, phase: { kind: 'draining', since: event.at, budgetMs: event.budgetMs } };
    case 'killing':
      return { ...before, phase: { kind: 'killing' } };
    case 'drained':
    case 'killed': {
      const { action } = before.step;
      const phase = action === 'replace' ? 'waiting-to-start' : action === 'remove' ? 'forgetting' : 'done';
      return { ...before, phase: { kind: phase }, stop: { at: event.at, result: event.result } };
    }
    case 'starting':
      return { ...before, phase: { kind: 'starting' } };
    case 'started':
    case 'forgotten':
      return { ...before, phase: { kind: 'done' } };
    case 'failed':
      return { ...before, phase: { kind: 'failed', error: event.error } };
  }
}

/** What a drain left behind when it had to kill. */
export type ForcedKill = StepProgress & {
  readonly stop: { readonly at: Date; readonly result: DrainResult };
};

/** The agents whose drain ended in force. An agent that people ordered to be killed is not among them. */
export function forcedKills(progress: Progress): readonly ForcedKill[] {
  return [...progress.values()].filter(isForcedKill);
}

function isForcedKill(entry: StepProgress): entry is ForcedKill {
  return (
    entry.stop !== undefined &&
    'outcome' in entry.stop.result &&
    entry.stop.result.outcome === 'TimedOutKilled'
  );
}
