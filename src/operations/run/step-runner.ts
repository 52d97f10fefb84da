import type { AgentId, AgentSpec } from '../../domain/agent.ts';
import type { OperationEvent } from '../../domain/operation-event.ts';
import type { Step } from '../../domain/plan.ts';
import { isForcedKill, type Progress, type StepPhase, type StepProgress } from '../../domain/progress.ts';
import type { NotedAgent, StopRecord } from '../../domain/stop-record.ts';
import { createDrainControl, type DrainControl, SupervisorError } from '../../supervisor/supervisor.ts';
import type { Host } from '../host.ts';
import { resumeStop, type StopToResume } from './resume-stop.ts';
import type { TeamFiles } from './team-files.ts';

export interface StepRunnerOptions {
  readonly host: Pick<Host, 'supervisor'>;
  readonly files: TeamFiles;
  readonly earlier?: Progress;
  /** What is about to be done; a refusal keeps it from being done. */
  readonly before: (event: OperationEvent) => void;
  /** What was done. */
  readonly after: (event: OperationEvent) => void;
}

/** The three things that can be done about one agent. Each does what is left of it, where an earlier process began. */
export interface StepRunner {
  stop(step: Step): Promise<void>;
  forget(step: Step): Promise<void>;
  start(step: Step): Promise<void>;
  /** Looks at what killed agents have left, where an earlier process died before it could and nothing works there yet. */
  examine(): Promise<void>;
  /** Adds to the budget of every drain that runs; gives whom it reached. */
  extend(byMs: number): readonly AgentId[];
  /** Ends the wait of every drain that had begun by then; gives whom it reached. */
  killNow(begunBy: Date): readonly AgentId[];
}

interface RunningDrain {
  readonly since: Date;
  readonly control: DrainControl;
  readonly budgetMs: number;
}

export function createStepRunner({ host, files, earlier, before, after }: StepRunnerOptions): StepRunner {
  const { supervisor } = host;
  const drains = new Map<AgentId, RunningDrain>();

  async function stop(step: Step): Promise<void> {
    const { id, stop: spec } = step;
    if (spec === undefined) return;
    const phase = earlier?.get(id)?.phase;
    if (isPastStop(phase)) return;
    await files.check();
    const result = isUnderWay(phase) ? await resume(step, spec, phase) : await begin(step, spec);
    after(result);
    if (result.kind === 'drained' && result.result.outcome === 'TimedOutKilled') await examine(id, spec);
    if ('result' in result) refuseSurvivors(result.result);
  }

  /** As it is before anything else works there. */
  async function examine(id: AgentId, spec: AgentSpec): Promise<void> {
    const workTree = await supervisor.readWorkTree?.(spec).catch(() => undefined);
    if (workTree !== undefined) after({ kind: 'examined', id, at: new Date(), workTree });
  }

  async function begin({ id, action, budgetMs }: Step, spec: AgentSpec): Promise<OperationEvent> {
    const onNoted = (noted: NotedAgent) => before({ kind: 'noted', id, at: new Date(), noted });
    if (action === 'down') {
      before({ kind: 'killing', id, at: new Date() });
      return { kind: 'killed', id, at: new Date(), result: await supervisor.down(spec, { onNoted }) };
    }
    const since = new Date();
    before({ kind: 'draining', id, at: since, budgetMs });
    return await drained(id, { since, budgetMs }, async (control) => ({
      result: await supervisor.drain(spec, { budgetMs, control, onNoted }),
    }));
  }

  async function resume(step: Step, spec: AgentSpec, phase: StopToResume['phase']): Promise<OperationEvent> {
    const { id } = step;
    const observed = await supervisor.observe([spec]);
    return await resumeStop({
      id,
      phase,
      seen: observed.get(id),
      left: await supervisor.whatIsLeft(spec, phase.noted),
      kill: () => supervisor.down(spec, { noted: phase.noted }),
      goOn: (budgetMs, begun) =>
        drained(id, begun, async (control) => ({
          result: await supervisor.drain(spec, { budgetMs, control, noted: phase.noted }),
        })),
      forcing: (lateMs) => before({ kind: 'forcing', id, at: new Date(), ...(lateMs > 0 && { lateMs }) }),
    });
  }

  async function drained(
    id: AgentId,
    begun: Omit<RunningDrain, 'control'>,
    drain: (control: DrainControl) => Promise<Pick<Drained, 'result'>>,
  ): Promise<Drained> {
    const control = createDrainControl(() => before({ kind: 'forcing', id, at: new Date() }));
    drains.set(id, { ...begun, control });
    try {
      return { kind: 'drained', id, ...(await drain(control)), at: new Date() };
    } finally {
      drains.delete(id);
    }
  }

  return {
    async examine() {
      const unexamined = [...(earlier?.values() ?? [])].filter(isUnexamined);
      await Promise.all(
        unexamined.map(async ({ step: { id, stop } }) => stop !== undefined && examine(id, stop)),
      );
    },
    stop,
    async forget({ id }) {
      await files.recordRemoved(id);
      after({ kind: 'forgotten', id, at: new Date() });
    },
    async start(step) {
      const { id, start: spec, action } = step;
      if (spec === undefined) return;
      before({ kind: 'starting', id, at: new Date() });
      await files.write(id);
      await supervisor.up(spec);
      await (action === 'adopt' ? files.recordAdopted(id) : files.recordStarted(spec));
      after({ kind: 'started', id, at: new Date() });
    },
    extend(byMs) {
      for (const [id, { control, budgetMs }] of drains) {
        before({ kind: 'extended', id, at: new Date(), budgetMs: budgetMs + control.addedMs + byMs });
        control.extend(byMs);
      }
      return [...drains.keys()];
    },
    killNow(begunBy) {
      const reached = [...drains].filter(([, { since }]) => since <= begunBy);
      for (const [id, { control }] of reached) {
        before({ kind: 'cut-short', id, at: new Date() });
        control.killNow();
      }
      return reached.map(([id]) => id);
    },
  };
}

type Drained = Extract<OperationEvent, { kind: 'drained' }>;

/** Something may have been sent. */
function isUnderWay(phase: StepPhase | undefined): phase is StopToResume['phase'] {
  return (phase?.kind === 'draining' || phase?.kind === 'killing') && phase.noted !== undefined;
}

function isPastStop(phase: StepPhase | undefined): boolean {
  return phase?.kind === 'waiting-to-start' || phase?.kind === 'starting' || phase?.kind === 'forgetting';
}

/** It was killed, nothing has worked there since, and Muster died before it could look. */
function isUnexamined(progress: StepProgress): boolean {
  const { step, phase } = progress;
  const isAsLeft = phase.kind === 'waiting-to-start' || (phase.kind === 'done' && step.start === undefined);
  return isAsLeft && isForcedKill(progress) && progress.stop.workTree === undefined;
}

/** Never two: what is still alive must not get a second copy beside it. */
function refuseSurvivors({ survivors, complaints = [] }: StopRecord): void {
  if (survivors.length === 0) return;
  const list = survivors.map(({ pid, state, command }) => `pid ${pid} (state ${state}) ${command}`);
  const why = complaints.map((complaint) => `; ${complaint}`).join('');
  throw new SupervisorError(`could not be ended: ${list.join(', ')}${why}`);
}
