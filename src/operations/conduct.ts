import type { Operation } from '../domain/operation.ts';
import type { OperationEvent } from '../domain/operation-event.ts';
import type { Verdict } from '../domain/operation-record.ts';
import { advance, type Progress, progressAtStart } from '../domain/progress.ts';
import type { Planned } from './plan/make-plan.ts';
import type { Situation } from './plan/plan-input.ts';
import type { OperationLog } from './records/operation-log.ts';
import { type Run, runOperation } from './run/run-plan.ts';

/** What Slack still runs operations with, until it speaks to the site; then this file goes. */
export interface Conducted {
  readonly operation: Operation;
  readonly situation: Situation;
  /** How far an earlier process came with it. */
  readonly earlier?: Progress;
  readonly operations: Pick<OperationLog, 'record' | 'finish'>;
  /** Tells of what happens, and how far all is with it. */
  readonly emit: (event: OperationEvent, progress: Progress) => void;
  /** Gets the handle as soon as it runs. */
  readonly began: (run: Run) => void;
}

/** An operation that is over. */
export interface Over {
  readonly operation: Operation;
  readonly progress: Progress;
  readonly verdict: Verdict;
}

/** Carries out an operation that is on record, and writes down its course and its end. Undefined: it is paused, and another process takes it up. */
export async function conduct({
  operation,
  situation,
  earlier,
  operations,
  ...tell
}: Conducted): Promise<Over | undefined> {
  let progress = earlier ?? progressAtStart(operation.plan);
  const run = runOperation(operation, situation, {
    ...(earlier && { earlier }),
    record: (event) => operations.record(operation, event),
    emit(event) {
      progress = advance(progress, event);
      tell.emit(event, progress);
    },
  });
  tell.began(run);
  const { paused, error, unrecorded } = await run.finished;
  if (paused) return undefined;
  const verdict = { at: new Date(), ...(error && { error }) };
  const unwritten = operations.finish(operation, verdict, unrecorded)?.message;
  return { operation, progress, verdict: { ...verdict, ...(unwritten && { error: error ?? unwritten }) } };
}

/** A plan that touches no agent: at most the snapshot's digest is brought up to date. Gives what went wrong. */
export async function conductNothing({ plan, situation }: Planned): Promise<string | undefined> {
  const offRecord = { record: () => undefined, emit: () => undefined };
  return (await runOperation({ plan }, situation, offRecord).finished).error;
}

/** The operations that run in this process. */
export interface Runs {
  /** `work` gives the handle of its run as soon as there is one; it counts until `work` is over. */
  during<Result>(id: string, work: (began: (run: Run) => void) => Promise<Result>): Promise<Result>;
  of(id: string): Run | undefined;
  /** None begins more steps, nor does any that is still to come. */
  pause(): void;
}

export function createRuns(): Runs {
  const runs = new Map<string, Run>();
  let pausing = false;

  return {
    during: (id, work) =>
      work((run) => {
        runs.set(id, run);
        if (pausing) run.pause();
      }).finally(() => runs.delete(id)),
    of: (id) => runs.get(id),
    pause() {
      pausing = true;
      for (const run of runs.values()) run.pause();
    },
  };
}
