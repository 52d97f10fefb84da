import { adviseBudget } from '../domain/budget-advice.ts';
import type { Operation } from '../domain/operation.ts';
import type { OperationEvent } from '../domain/operation-event.ts';
import type { Followed, KillReport, LoggedOperation } from '../domain/operation-record.ts';
import { type ForcedKill, forcedKills, progressBy } from '../domain/progress.ts';
import { RefusedError } from '../domain/refusal.ts';
import type { DrainResult } from '../domain/stop-record.ts';
import { JournalError } from '../journal/journal.ts';
import type { Operator } from '../operations/operate.ts';
import type { OperationLog } from '../operations/records/operation-log.ts';
import type { CourseNews } from '../operations/run/course.ts';
import { drainsOf } from './read-why.ts';

export interface FollowOptions {
  readonly operator: Pick<Operator, 'courseOf'>;
  readonly operations: Pick<OperationLog, 'find' | 'lastStops'>;
}

/** Follows an operation that this process has as it happens; any other is told from the journal. */
export async function* follow(
  id: string,
  after: number,
  { operator, operations }: FollowOptions,
): AsyncIterable<Followed> {
  const own = operator.courseOf(id);
  const course = own ?? operations.find(id);
  if (course === undefined) throw new RefusedError({ kind: 'unknown-operation', id });
  const news = own === undefined ? onRecord(course as LoggedOperation, after) : own.from(after);
  const kills = () => killReports(course.operation, course.events, operations);
  for await (const each of news) {
    if (each.kind === 'over') yield { ...each, kills: kills() };
    else if (each.kind !== 'event' || !isForced(each.event)) yield each;
    else {
      const kill = kills().find(({ step }) => step.id === each.event.id);
      yield { ...each, ...(kill && { kill }) };
    }
  }
}

function isForced(event: OperationEvent): boolean {
  return event.kind === 'drained' && event.result.outcome === 'TimedOutKilled';
}

function* onRecord({ events, verdict }: LoggedOperation, after: number): Iterable<CourseNews> {
  for (const [index, event] of events.entries()) {
    if (index >= after) yield { kind: 'event', number: index + 1, event };
  }
  yield verdict === undefined ? { kind: 'paused' } : { kind: 'over', verdict };
}

function killReports(
  { plan }: Operation,
  events: readonly OperationEvent[],
  operations: FollowOptions['operations'],
): readonly KillReport[] {
  return forcedKills(progressBy(plan, events)).map((kill) => {
    const before = drainsBefore(kill, operations);
    return { ...kill, before, advice: adviseBudget([kill.stop.result, ...before], kill.step.budgetMs) };
  });
}

/** Without the journal the kill speaks for itself. */
function drainsBefore(
  { step, stop }: ForcedKill,
  operations: FollowOptions['operations'],
): readonly DrainResult[] {
  try {
    return drainsOf(operations, step.id, stop.at);
  } catch (error) {
    if (error instanceof JournalError) return [];
    throw error;
  }
}
