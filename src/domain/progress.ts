import type { AgentId } from './agent.ts';
import type { OperationEvent } from './operation-event.ts';
import { activeSteps, type Plan, type Step } from './plan.ts';
import type { DownResult, DrainResult, NotedAgent, WorkTree } from './stop-record.ts';

/** How far one agent is. `done` covers everything its step asked for. */
export type StepPhase =
  | { readonly kind: 'pending' }
  | ({ readonly kind: 'draining'; readonly since: Date; readonly budgetMs: number } & StopUnderWay)
  | ({ readonly kind: 'killing' } & StopUnderWay)
  | { readonly kind: 'waiting-to-start' }
  | { readonly kind: 'starting' }
  | { readonly kind: 'forgetting' }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly error: string }
  /** What was still to be done about it is not done any more. */
  | { readonly kind: 'left'; readonly why: string };

/** What somebody who was not there has to know to go on with a stop. */
export interface StopUnderWay {
  /** Absent: nothing was sent yet. */
  readonly noted?: NotedAgent;
  readonly cutShort?: boolean;
  /** When it was decided to use force. */
  readonly forcedAt?: Date;
  /** So long after the deadline, because Muster was not there. */
  readonly lateMs?: number;
}

export interface StepProgress {
  readonly step: Step;
  readonly phase: StepPhase;
  /** How it was stopped, if it was. */
  readonly stop?: {
    readonly at: Date;
    readonly result: DrainResult | DownResult;
    /** How long after its deadline it was killed, because Muster was not there. */
    readonly lateMs?: number;
    /** What it left unfinished. */
    readonly workTree?: WorkTree;
  };
  /** It ended while Muster was not there: why nobody can tell how. */
  readonly gone?: { readonly at: Date; readonly why: string };
}

export type Progress = ReadonlyMap<AgentId, StepProgress>;

export function progressAtStart(plan: Plan): Progress {
  return new Map(activeSteps(plan).map((step) => [step.id, { step, phase: { kind: 'pending' } }]));
}

/** How far an operation came, by what was written down of it. */
export function progressBy(plan: Plan, events: readonly OperationEvent[]): Progress {
  return events.reduce(advance, progressAtStart(plan));
}

export function advance(progress: Progress, event: OperationEvent): Progress {
  const before = progress.get(event.id);
  if (before === undefined) return progress;
  return new Map(progress).set(event.id, after(before, event));
}

function after(before: StepProgress, event: OperationEvent): StepProgress {
  const { phase } = before;
  const isStopping = phase.kind === 'draining' || phase.kind === 'killing';
  switch (event.kind) {
    case 'draining':
      return { ...before, phase: { kind: 'draining', since: event.at, budgetMs: event.budgetMs } };
    case 'killing':
      return { ...before, phase: { kind: 'killing' } };
    case 'noted': {
      if (!isStopping) return before;
      const since = phase.kind === 'draining' ? { since: event.at } : {};
      return { ...before, phase: { ...phase, ...since, noted: event.noted } };
    }
    case 'extended':
      return phase.kind === 'draining'
        ? { ...before, phase: { ...phase, budgetMs: event.budgetMs } }
        : before;
    case 'cut-short':
      return isStopping ? { ...before, phase: { ...phase, cutShort: true } } : before;
    case 'forcing': {
      if (!isStopping) return before;
      return { ...before, phase: { ...phase, forcedAt: event.at, ...late(event) } };
    }
    case 'drained':
    case 'killed':
      return { ...afterStop(before), stop: { at: event.at, result: event.result, ...late(event) } };
    case 'examined':
      return before.stop === undefined
        ? before
        : { ...before, stop: { ...before.stop, workTree: event.workTree } };
    case 'gone':
      return { ...afterStop(before), gone: { at: event.at, why: event.why } };
    case 'starting':
      return { ...before, phase: { kind: 'starting' } };
    case 'started':
    case 'forgotten':
      return { ...before, phase: { kind: 'done' } };
    case 'left':
      return { ...before, phase: { kind: 'left', why: event.why } };
    case 'failed':
      return { ...before, phase: { kind: 'failed', error: event.error } };
  }
}

function late(event: OperationEvent): { readonly lateMs?: number } {
  return 'lateMs' in event && event.lateMs !== undefined ? { lateMs: event.lateMs } : {};
}

function afterStop(before: StepProgress): StepProgress {
  const { action } = before.step;
  const kind = action === 'replace' ? 'waiting-to-start' : action === 'remove' ? 'forgetting' : 'done';
  return { ...before, phase: { kind } };
}

/** What a drain left behind when it had to kill. */
export type ForcedKill = StepProgress & {
  readonly stop: {
    readonly at: Date;
    readonly result: DrainResult;
    readonly lateMs?: number;
    readonly workTree?: WorkTree;
  };
};

/** The agents whose drain ended in force. An agent that people ordered to be killed is not among them. */
export function forcedKills(progress: Progress): readonly ForcedKill[] {
  return [...progress.values()].filter(isForcedKill);
}

export function isForcedKill(entry: StepProgress): entry is ForcedKill {
  return (
    entry.stop !== undefined &&
    'outcome' in entry.stop.result &&
    entry.stop.result.outcome === 'TimedOutKilled'
  );
}
