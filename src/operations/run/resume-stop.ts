import type { AgentId } from '../../domain/agent.ts';
import type { AgentEnd, Observation } from '../../domain/observation.ts';
import type { OperationEvent } from '../../domain/operation-event.ts';
import type { StepPhase } from '../../domain/progress.ts';
import type { DownResult, NotedAgent, NotedProcess, StopRecord } from '../../domain/stop-record.ts';

type Noted<Phase> = Phase & { readonly noted: NotedAgent };

type Draining = Noted<Extract<StepPhase, { kind: 'draining' }>>;

type Killing = Noted<Extract<StepPhase, { kind: 'killing' }>>;

/** A stop that an earlier process began and did not live to see the end of. */
export interface StopToResume {
  readonly id: AgentId;
  readonly phase: Draining | Killing;
  /** The agent as it is now. */
  readonly seen: Observation | undefined;
  readonly kill: () => Promise<DownResult>;
  /** Asks again, with what is left of the budget of `drain`, in milliseconds. */
  readonly goOn: (restMs: number, drain: Draining) => Promise<Extract<OperationEvent, { kind: 'drained' }>>;
  /** Called before a kill that was not decided on yet; `lateMs` after the deadline. */
  readonly forcing: (lateMs: number) => void;
  /** What still lives of what was noted. */
  readonly left: readonly NotedProcess[];
  readonly now?: () => number;
}

/**
 * Settles it by what can be known: gone in time is `Graceful`; gone by a force that was decided on, or killed after its deadline, as
 * systemd does where Muster is away, is `TimedOutKilled`; gone at a time nobody knows is said to be just that; what lives on is asked
 * again for the rest of its time, or killed if that is over.
 * A life that began since is left alone.
 */
export async function resumeStop(stop: StopToResume): Promise<OperationEvent> {
  const { id, phase, seen, left, now = Date.now } = stop;
  const at = new Date(now());
  if (isAnotherLife(seen, phase.noted)) {
    const why = 'it ended while Muster was away and runs again: that new life is left alone';
    return { kind: 'left', id, at, why };
  }
  const parts = left.map(({ part }) => part);
  if (phase.kind === 'killing') {
    const result = parts.length > 0 ? await stop.kill() : { ...unseen(phase), wasRunning: true, tookMs: 0 };
    return { kind: 'killed', id, result, at: new Date(now()) };
  }
  const drain = { ...stop, phase, now };
  if (parts.includes('agent')) return await goOn(drain);
  if (parts.length > 0) await stop.goOn(forALoopMs, phase);
  return gone(drain);
}

/** It lives. */
async function goOn(drain: DrainToResume): Promise<OperationEvent> {
  const { phase, now } = drain;
  const resumedAt = now();
  const startedAt = phase.since.getTime();
  const deadline = startedAt + phase.budgetMs;
  const { forcedAt, cutShort = false } = phase;
  if (forcedAt === undefined && !cutShort && resumedAt < deadline) {
    const restMs = deadline - resumedAt;
    const drained = await drain.goOn(restMs, phase);
    const budgetMs = phase.budgetMs + Math.max(0, Math.round(drained.result.budgetMs - restMs));
    const signals = since(startedAt, drained.result.signals, resumedAt);
    return { ...drained, result: { ...drained.result, signals, tookMs: now() - startedAt, budgetMs } };
  }
  const lateMs = cutShort ? 0 : Math.max(0, resumedAt - deadline);
  if (forcedAt === undefined) drain.forcing(lateMs);
  const { wasRunning: _, ...record } = await drain.kill();
  const over = now();
  const signals = since(startedAt, record.signals, resumedAt);
  return killed(drain, { ...record, signals, tookMs: over - startedAt }, lateMs, over);
}

/** All of it ended while nobody was there. */
function gone(drain: DrainToResume): OperationEvent {
  const { id, phase, seen, now } = drain;
  const startedAt = phase.since.getTime();
  const deadline = startedAt + phase.budgetMs;
  const end = endOf(seen, startedAt);
  const endedAt = end?.at.getTime();
  const { forcedAt, cutShort = false, lateMs = 0 } = phase;
  if (forcedAt !== undefined) {
    const overAt = endedAt ?? Math.max(forcedAt.getTime(), cutShort ? 0 : deadline);
    return killed(drain, { ...unseen(phase), tookMs: overAt - startedAt }, lateMs, overAt);
  }
  const tookMs = (endedAt ?? now()) - startedAt;
  if (tookMs <= phase.budgetMs) {
    const result = { ...unseen(phase), outcome: 'Graceful', budgetMs: phase.budgetMs, tookMs } as const;
    return { kind: 'drained', id, at: new Date(startedAt + tookMs), result };
  }
  if (end?.kind === 'signalled' && end.signal === 'KILL') {
    const signals = [{ signal: end.signal, atMs: tookMs, processes: 1 }];
    return killed(drain, { ...unseen(phase), signals, tookMs }, 0, startedAt + tookMs);
  }
  const how =
    end?.kind === 'exited' ? 'by itself, after its budget was over' : 'and nobody can tell whether in time';
  return { kind: 'gone', id, at: new Date(now()), why: `it ended while Muster was away, ${how}` };
}

function killed(
  { id, phase }: DrainToResume,
  record: StopRecord,
  lateMs: number,
  at: number,
): OperationEvent {
  const result = { ...record, outcome: 'TimedOutKilled', budgetMs: phase.budgetMs } as const;
  return { kind: 'drained', id, at: new Date(at), result, ...(lateMs > 0 && { lateMs }) };
}

type DrainToResume = Omit<StopToResume, 'phase' | 'now'> & {
  readonly phase: Draining;
  readonly now: () => number;
};

/** A loop that only sleeps ends at once. */
const forALoopMs = 5000;

/** What was sent is on nobody's record. */
function unseen({ noted }: StopToResume['phase']): Omit<StopRecord, 'tookMs'> {
  return { signals: [], survivors: [], strays: [], lastLines: noted.lastLines ?? [] };
}

/** The moments of a record that began later, as time since the stop was ordered. */
function since(orderedAt: number, signals: StopRecord['signals'], resumedAt: number): StopRecord['signals'] {
  return signals.map((each) => ({ ...each, atMs: each.atMs + resumedAt - orderedAt }));
}

function isAnotherLife(seen: Observation | undefined, { incarnation, bootId }: NotedAgent): boolean {
  if (seen?.state !== 'running') return false;
  const { pid, startTime, bootId: boot } = seen.incarnation;
  return (
    boot !== bootId ||
    (incarnation !== undefined && (pid !== incarnation.pid || startTime !== incarnation.startTime))
  );
}

/** How the life that was asked to stop ended, if that is known. */
function endOf(seen: Observation | undefined, askedAt: number): AgentEnd | undefined {
  const end = seen !== undefined && seen.state !== 'unknown' ? seen.lastEnd : undefined;
  return end !== undefined && end.at.getTime() >= askedAt ? end : undefined;
}
