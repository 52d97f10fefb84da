import type { AgentId } from '../../domain/agent.ts';
import type { Operation } from '../../domain/operation.ts';
import type { OperationEvent } from '../../domain/operation-event.ts';
import { activeSteps, type Step } from '../../domain/plan.ts';
import type { Progress, StepPhase } from '../../domain/progress.ts';
import type { Situation } from '../plan/plan-input.ts';
import { createStepRunner } from './step-runner.ts';
import { openTeamFiles } from './team-files.ts';

/** A running operation. Its drains can be given more time or be ended now. */
export interface Run {
  /** Resolves when every step is done, failed or left, or the run is paused. Never rejects. */
  readonly finished: Promise<RunEnd>;
  /** Adds to the budget of every drain that still runs; gives whom it reached. */
  extend(byMs: number): readonly AgentId[];
  /** Ends the wait of every drain that had begun by then; gives whom it reached. */
  killNow(begunBy: Date): readonly AgentId[];
  /** Takes no further agent in hand; one that was begun with is brought to its end, up again where that is the plan. */
  pause(): void;
}

export interface RunEnd {
  /** Steps remain that were not begun, because the run was paused. */
  readonly paused: boolean;
  /** What went wrong after the last step. */
  readonly error?: string;
  /** What was done and could not be recorded, oldest first. */
  readonly unrecorded?: readonly OperationEvent[];
}

export interface RunOptions {
  /**
   * Writes an event down for good. What is about to be done is recorded first, and is not done if that fails; of what was done
   * the run goes on, and it is recorded before what comes next. What is not on record at its end is told.
   */
  readonly record: (event: OperationEvent) => void;
  /** Tells of it. */
  readonly emit: (event: OperationEvent) => void;
  /** How far an earlier process came with the same operation. */
  readonly earlier?: Progress;
}

/** So many agents start side by side: each start costs the host a burst of work. */
const startsAtOnce = 8;

/**
 * Carries out a plan: stops the deepest level of `reports_to` first, all of a level at once, so that a level costs one
 * budget; then starts from the managers down. One agent's failure does not stop the others.
 */
export function runOperation(
  { plan }: Pick<Operation, 'plan'>,
  situation: Situation,
  options: RunOptions,
): Run {
  const steps = activeSteps(plan);
  const files = openTeamFiles(situation);
  const { begun, over, incomplete } = beforeThisRun(options.earlier);
  const unrecorded: OperationEvent[] = [];
  let whyUnrecorded: string | undefined;
  let paused = false;
  let skipped = false;

  const runner = createStepRunner({
    host: situation.host,
    files,
    ...(options.earlier && { earlier: options.earlier }),
    before(event) {
      catchUp();
      options.record(event);
      options.emit(event);
    },
    after,
  });

  /** In their order. */
  function catchUp(): void {
    try {
      for (let next = unrecorded[0]; next !== undefined; next = unrecorded[0]) {
        options.record(next);
        unrecorded.shift();
      }
    } catch (error) {
      whyUnrecorded = wordsOf(error);
    }
  }

  function after(event: OperationEvent): void {
    unrecorded.push(event);
    catchUp();
    options.emit(event);
    if (event.kind !== 'failed' && event.kind !== 'left') return;
    over.add(event.id);
    incomplete.add(event.id);
  }

  async function attempt(step: Step, work: (step: Step) => Promise<void>): Promise<void> {
    if (over.has(step.id)) return;
    if (paused && !begun.has(step.id)) {
      skipped = true;
      return;
    }
    begun.add(step.id);
    try {
      await work(step);
    } catch (error) {
      after({ kind: 'failed', id: step.id, at: new Date(), error: wordsOf(error) });
    }
  }

  async function start(step: Step): Promise<void> {
    const { startsNothing: why } = situation;
    if (why === undefined) await runner.start(step);
    else if (step.start !== undefined) after({ kind: 'left', id: step.id, at: new Date(), why });
  }

  async function run(): Promise<RunEnd> {
    const examined = runner.examine();
    for (const level of levels(steps.filter(({ stop }) => stop !== undefined)).reverse()) {
      await Promise.all(level.map((step) => attempt(step, runner.stop)));
    }
    await examined;
    for (const step of steps) {
      if (step.action === 'remove') await attempt(step, runner.forget);
    }
    for (const level of levels(steps)) {
      await eachAtMost(startsAtOnce, level, (step) => attempt(step, start));
    }
    const isComplete = incomplete.size === 0 && !skipped;
    const unsettled = isComplete ? await files.settle().then(() => undefined, wordsOf) : undefined;
    const error = unsettled ?? (unrecorded.length > 0 ? whyUnrecorded : undefined);
    return {
      paused: skipped,
      ...(error && { error }),
      ...(unrecorded.length > 0 && { unrecorded }),
    };
  }

  return {
    finished: run(),
    extend: runner.extend,
    killNow: runner.killNow,
    pause() {
      paused = true;
    },
  };
}

/** What an earlier process had begun with, and what it was through with, well or not. */
function beforeThisRun(earlier: Progress | undefined): {
  readonly begun: Set<AgentId>;
  readonly over: Set<AgentId>;
  readonly incomplete: Set<AgentId>;
} {
  const entries = [...(earlier?.values() ?? [])];
  const idsOf = (...kinds: readonly StepPhase['kind'][]) =>
    new Set(entries.filter(({ phase }) => kinds.includes(phase.kind)).map(({ step }) => step.id));
  const begun = entries.filter(({ phase }) => phase.kind !== 'pending').map(({ step }) => step.id);
  return {
    begun: new Set(begun),
    over: idsOf('done', 'failed', 'left'),
    incomplete: idsOf('failed', 'left'),
  };
}

function wordsOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message || thrown.name : String(thrown);
}

/** From the managers down. */
function levels(steps: readonly Step[]): Step[][] {
  const depths = [...new Set(steps.map(({ depth }) => depth))].sort((a, b) => a - b);
  return depths.map((depth) => steps.filter((step) => step.depth === depth));
}

async function eachAtMost<Item>(
  most: number,
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await work(next);
  };
  await Promise.all(Array.from({ length: most }, worker));
}
