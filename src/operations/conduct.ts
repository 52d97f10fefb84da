import { type Run, runOperation } from './engine.ts';
import type { OperationEvent } from './events.ts';
import type { Verdict } from './logged-operations.ts';
import type { Operation } from './operation.ts';
import type { OperationLog } from './operation-log.ts';
import type { Planned } from './plan-request.ts';
import { advance, type Progress, progressAtStart } from './progress.ts';
import type { Situation } from './situation.ts';

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
  const unwritten = operations.finish(operation, verdict, unrecorded);
  return { operation, progress, verdict: { ...verdict, ...(unwritten && { error: error ?? unwritten }) } };
}

/** A plan that touches no agent: at most the snapshot's digest is brought up to date. Gives what went wrong. */
export async function conductNothing({ plan, situation }: Planned): Promise<Error | undefined> {
  const offRecord = { record: () => undefined, emit: () => undefined };
  return (await runOperation({ plan }, situation, offRecord).finished).error;
}
