import type { whatIsLeft } from '../supervisor/noted.ts';
import type { DownResult, NotedAgent, Observation, StopRecord } from '../supervisor/supervisor.ts';
import type { AgentId } from '../team/team.ts';
import type { OperationEvent } from './events.ts';
import type { StepPhase } from './progress.ts';

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
  /** Asks again, with what is left of the budget, in milliseconds. */
  readonly goOn: (budgetMs: number) => Promise<Extract<OperationEvent, { kind: 'drained' }>>;
  /** Called before a late kill. */
  readonly forcing: () => void;
  readonly left: typeof whatIsLeft;
  readonly now?: () => number;
}

/**
 * Settles it by what can be known: gone in time is `Graceful`, gone by a force that was decided on is `TimedOutKilled`, gone
 * at a time nobody knows is said to be just that; what lives on is asked again for the rest of its time, or killed if that is over.
 * A life that began since is left alone.
 */
export async function resumeStop(stop: StopToResume): Promise<OperationEvent> {
  const { id, phase, seen, left, now = Date.now } = stop;
  const at = new Date(now());
  if (isAnotherLife(seen, phase.noted)) {
    const why = 'it ended while Muster was away and runs again: that new life is left alone';
    return { kind: 'left', id, at, why };
  }
  const parts = (await left(phase.noted)).map(({ part }) => part);
  if (phase.kind === 'killing') {
    const result = parts.length > 0 ? await stop.kill() : unseenKill;
    return { kind: 'killed', id, result, at: new Date(now()) };
  }
  const drain = { ...stop, phase, now };
  if (parts.includes('agent')) return await goOn(drain);
  if (parts.length > 0) await stop.goOn(forALoopMs);
  return gone(drain);
}

/** It lives. */
async function goOn({ phase, now, ...stop }: DrainToResume): Promise<OperationEvent> {
  const startedAt = phase.since.getTime();
  const deadline = startedAt + phase.budgetMs;
  const { forcedAt, cutShort = false } = phase;
  if (forcedAt === undefined && !cutShort && now() < deadline) {
    const drained = await stop.goOn(deadline - now());
    const added = drained.result.budgetMs - (deadline - now());
    const budgetMs = phase.budgetMs + Math.max(0, Math.round(added));
    return { ...drained, result: { ...drained.result, tookMs: now() - startedAt, budgetMs } };
  }
  if (forcedAt === undefined) stop.forcing();
  const lateMs = cutShort ? 0 : Math.max(0, now() - deadline);
  const { wasRunning: _, ...record } = await stop.kill();
  return killed({ phase, now, ...stop }, { ...record, tookMs: now() - startedAt }, lateMs);
}

/** All of it ended while nobody was there. */
function gone({ id, phase, seen, now, ...rest }: DrainToResume): OperationEvent {
  const startedAt = phase.since.getTime();
  const deadline = startedAt + phase.budgetMs;
  const endedAt = endOf(seen, startedAt);
  const tookMs = (endedAt ?? now()) - startedAt;
  if (phase.forcedAt !== undefined)
    return killed({ id, phase, seen, now, ...rest }, { ...unseen, tookMs }, 0);
  if ((endedAt ?? now()) > deadline) {
    const why = 'it ended while Muster was away, and nobody can tell whether in time';
    return { kind: 'gone', id, at: new Date(now()), why };
  }
  const result = { ...unseen, outcome: 'Graceful', budgetMs: phase.budgetMs, tookMs } as const;
  return { kind: 'drained', id, at: new Date(endedAt ?? now()), result };
}

function killed({ id, phase, now }: DrainToResume, record: StopRecord, lateMs: number): OperationEvent {
  const result = { ...record, outcome: 'TimedOutKilled', budgetMs: phase.budgetMs } as const;
  return { kind: 'drained', id, at: new Date(now()), result, ...(lateMs > 0 && { lateMs }) };
}

type DrainToResume = Omit<StopToResume, 'phase' | 'now'> & {
  readonly phase: Draining;
  readonly now: () => number;
};

/** A loop that only sleeps ends at once. */
const forALoopMs = 5000;

/** Nobody was there to note what was sent and what was printed. */
const unseen = { signals: [], survivors: [], strays: [], lastLines: [] };
const unseenKill: DownResult = { ...unseen, wasRunning: true, tookMs: 0 };

function isAnotherLife(seen: Observation | undefined, { incarnation, bootId }: NotedAgent): boolean {
  if (seen?.state !== 'running') return false;
  const { pid, startTime, bootId: boot } = seen.incarnation;
  return (
    boot !== bootId ||
    (incarnation !== undefined && (pid !== incarnation.pid || startTime !== incarnation.startTime))
  );
}

/** When the life that was asked to stop ended, in milliseconds since 1970, if that is known. */
function endOf(seen: Observation | undefined, askedAt: number): number | undefined {
  const end = seen !== undefined && seen.state !== 'unknown' ? seen.lastEnd?.at.getTime() : undefined;
  return end !== undefined && end >= askedAt ? end : undefined;
}
