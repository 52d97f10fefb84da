import type { Run } from '../operations/engine.ts';

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
