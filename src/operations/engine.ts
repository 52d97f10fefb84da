import { createDrainControl, type DrainControl } from '../supervisor/drain-control.ts';
import { type StopRecord, SupervisorError } from '../supervisor/supervisor.ts';
import type { AgentId } from '../team/team.ts';
import type { OperationEvent } from './events.ts';
import type { Operation } from './operation.ts';
import { activeSteps, type Step } from './plan.ts';
import type { Situation } from './situation.ts';
import { openTeamFiles, type TeamFiles } from './team-files.ts';

/** A running operation. Its drains can be given more time or be ended now. */
export interface Run {
  /** Resolves when every step is done or failed; `error`: what went wrong after all of them. Never rejects. */
  readonly finished: Promise<{ readonly error?: Error }>;
  /** Adds to the budget of every drain that still runs. */
  extend(byMs: number): void;
  killNow(): void;
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
  emit: (event: OperationEvent) => void,
): Run {
  const { supervisor } = situation.host;
  const controls = new Map<AgentId, DrainControl>();
  const failed = new Set<AgentId>();
  const steps = activeSteps(plan);

  async function attempt(step: Step, work: () => Promise<void>): Promise<void> {
    if (failed.has(step.id)) return;
    try {
      await work();
    } catch (error) {
      failed.add(step.id);
      emit({ kind: 'failed', id: step.id, at: new Date(), error: asError(error) });
    }
  }

  async function stop(step: Step, files: TeamFiles): Promise<void> {
    const { id, stop: spec, action } = step;
    if (spec === undefined) return;
    await files.check();
    if (action === 'down') {
      emit({ kind: 'killing', id, at: new Date() });
      const result = await supervisor.down(spec);
      emit({ kind: 'killed', id, at: new Date(), result });
      refuseSurvivors(result);
      return;
    }
    const control = createDrainControl();
    controls.set(id, control);
    emit({ kind: 'draining', id, at: new Date(), budgetMs: step.budgetMs });
    try {
      const result = await supervisor.drain(spec, { budgetMs: step.budgetMs, control });
      emit({ kind: 'drained', id, at: new Date(), result });
      refuseSurvivors(result);
    } finally {
      controls.delete(id);
    }
  }

  async function forget({ id }: Step, files: TeamFiles): Promise<void> {
    await files.recordRemoved(id);
    emit({ kind: 'forgotten', id, at: new Date() });
  }

  async function start(step: Step, files: TeamFiles): Promise<void> {
    if (step.start === undefined) return;
    emit({ kind: 'starting', id: step.id, at: new Date() });
    await files.write(step.id);
    await supervisor.up(step.start);
    await (step.action === 'adopt' ? files.recordAdopted(step.id) : files.recordStarted(step.id));
    emit({ kind: 'started', id: step.id, at: new Date() });
  }

  async function run(): Promise<{ error?: Error }> {
    const files = openTeamFiles(situation);
    for (const level of levels(steps).reverse()) {
      await Promise.all(level.map((step) => attempt(step, () => stop(step, files))));
    }
    for (const step of steps) {
      if (step.action === 'remove') await attempt(step, () => forget(step, files));
    }
    for (const level of levels(steps)) {
      await eachAtMost(startsAtOnce, level, (step) => attempt(step, () => start(step, files)));
    }
    if (!plan.settlesDigest || failed.size > 0) return {};
    return files.settle().then(
      () => ({}),
      (error: unknown) => ({ error: asError(error) }),
    );
  }

  return {
    finished: run(),
    extend: (byMs) => {
      for (const control of controls.values()) control.extend(byMs);
    },
    killNow: () => {
      for (const control of controls.values()) control.killNow();
    },
  };
}

/** Never two: what is still alive must not get a second copy beside it. */
function refuseSurvivors({ survivors }: StopRecord): void {
  if (survivors.length === 0) return;
  const list = survivors.map(({ pid, state, command }) => `pid ${pid} (state ${state}) ${command}`);
  throw new SupervisorError(`survived SIGKILL for 5 s: ${list.join(', ')}`);
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
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
