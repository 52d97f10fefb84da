import type { Verdict } from '../../domain/operation-record.ts';
import { forcedKills, type Progress, progressBy } from '../../domain/progress.ts';
import type { Release } from '../locks/project-locks.ts';
import type { Situation } from '../plan/plan-input.ts';
import type { OperationLog } from '../records/operation-log.ts';
import type { Course } from './course.ts';
import { type Run, runOperation } from './run-plan.ts';

/** An operation that this process has: it is on record and holds its projects. */
export interface OwnOperation {
  readonly course: Course;
  readonly release: Release;
  /** Absent: it does not run yet. */
  run?: Run;
}

/** From where an operation is run. */
export interface From {
  readonly situation: Situation;
  /** How far an earlier process came with it. */
  readonly earlier?: Progress;
}

/** The operations of this process, from when they are on record to when they are over. */
export interface UnderWay {
  add(own: OwnOperation): void;
  of(id: string): OwnOperation | undefined;
  /** Runs it to its end. */
  run(own: OwnOperation, from: From): void;
  /** The verdict goes on record and the projects are free before anybody hears of it. */
  end(own: OwnOperation, verdict: Verdict): Promise<void>;
  /** Counts as something under way until it is done. */
  track(work: Promise<void>): void;
  /** No more steps are begun, and what is still to run is left to another process. */
  pause(): void;
  readonly isPausing: boolean;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
}

export function createUnderWay(
  operations: Pick<OperationLog, 'record' | 'finish' | 'toldUnlessShown'>,
): UnderWay {
  const all = new Map<string, OwnOperation>();
  const working = new Set<Promise<void>>();
  let isPausing = false;

  async function untilItEnds(own: OwnOperation, { finished }: Run): Promise<void> {
    const { paused, error, unrecorded } = await finished;
    if (paused) await leave(own);
    else await end(own, { at: new Date(), ...(error !== undefined && { error }) }, unrecorded);
  }

  /** To another process. */
  async function leave({ course, release }: OwnOperation): Promise<void> {
    all.delete(course.operation.id);
    await release();
    course.pauses();
    course.end(undefined);
  }

  async function end(
    { course, release }: OwnOperation,
    verdict: Verdict,
    unrecorded?: Parameters<OperationLog['finish']>[2],
  ): Promise<void> {
    const { id, plan } = course.operation;
    const unwritten = operations.finish(course.operation, verdict, unrecorded)?.message;
    // Of a forced kill the alert channel has to hear; the rest was told to whoever follows it.
    if (forcedKills(progressBy(plan, course.events)).length === 0) operations.toldUnlessShown(id);
    await release();
    course.end({ ...verdict, ...(unwritten !== undefined && { error: verdict.error ?? unwritten }) });
    // Until it is written, nobody else knows that it is over.
    if (unwritten === undefined) all.delete(id);
  }

  function track(work: Promise<void>): void {
    const tracked = work.finally(() => working.delete(tracked));
    working.add(tracked);
  }

  return {
    add: (own) => void all.set(own.course.operation.id, own),
    of: (id) => all.get(id),
    run(own, { situation, earlier }) {
      if (isPausing) return track(leave(own));
      const { operation, add } = own.course;
      own.run = runOperation(operation, situation, {
        ...(earlier && { earlier }),
        record: (event) => operations.record(operation, event),
        emit: add,
      });
      track(untilItEnds(own, own.run));
    },
    end,
    track,
    pause() {
      isPausing = true;
      for (const { run, course } of all.values()) {
        if (run === undefined) continue;
        run.pause();
        course.pauses();
      }
    },
    get isPausing() {
      return isPausing;
    },
    async idle() {
      while (working.size > 0) await Promise.all(working);
    },
  };
}
