import type { Incarnation } from '../supervisor/supervisor.ts';
import type { OperationEvent } from './events.ts';
import type { Host } from './host.ts';
import { noteIntentions } from './intentions.ts';
import type { LoggedOperation } from './logged-operations.ts';
import type { OperationLog } from './operation-log.ts';
import { readSituation } from './plan-request.ts';
import type { Progress } from './progress.ts';
import type { ProjectLocks, Release } from './project-locks.ts';
import { startsNothing, takeUp } from './recovery.ts';
import type { Situation } from './situation.ts';

/** Whether a process of ours, as it was written down, still lives. */
export type Lives = (owner: Incarnation) => Promise<boolean>;

/** Those whose process has died. */
export async function ofDeadProcesses(
  operations: readonly LoggedOperation[],
  lives: Lives,
): Promise<readonly LoggedOperation[]> {
  const alive = await Promise.all(operations.map(({ owner }) => lives(owner)));
  return operations.filter((_, index) => !alive[index]);
}

export interface HeldOperation {
  /** As it is now. */
  readonly logged: LoggedOperation;
  readonly release: Release;
}

export interface Holding {
  readonly locks: ProjectLocks;
  readonly operations: Pick<OperationLog, 'find'>;
  readonly lives: Lives;
}

/**
 * Holds the projects of an operation that a dead process left. Undefined: another process has gone on with it meanwhile, or it is over.
 * Throws `RefusedError` if something else is running on them.
 */
export async function holdLeft(
  { operation }: LoggedOperation,
  { locks, operations, lives }: Holding,
): Promise<HeldOperation | undefined> {
  const { id, startedAt, request } = operation;
  const { selection, text, askedBy } = request;
  const release = await locks.take(selection, { id, text, askedBy, since: startedAt });
  try {
    const logged = operations.find(id);
    if (logged !== undefined && logged.verdict === undefined && !(await lives(logged.owner))) {
      return { logged, release };
    }
  } catch (error) {
    await release();
    throw error;
  }
  await release();
  return undefined;
}

/** Makes it ours, and says from where to go on. What must not be done any more is on record as left when this returns. Throws like `planRequest`. */
export async function goOnFrom(
  logged: LoggedOperation,
  { host, operations, bootId }: GoingOn,
): Promise<{ readonly situation: Situation; readonly earlier: Progress }> {
  const { operation, events } = logged;
  operations.takeOver(operation.id);
  const situation = await readSituation(host, operation.request);
  const { progress } = takeUp(logged, operations, { ms: Date.now(), bootId });
  const isToBegin = events.length === 0 && [...progress.values()].some(({ phase }) => phase.kind !== 'left');
  if (isToBegin) noteIntentions({ plan: operation.plan, situation }, host.wanted);
  const rebooted = [logged.owner.bootId, ...boots(events)].some((boot) => boot !== bootId);
  return { situation: { ...situation, ...(rebooted && { startsNothing }) }, earlier: progress };
}

/** In which the stops began: a process that took them up since may have died, too. */
function boots(events: readonly OperationEvent[]): readonly string[] {
  return events.flatMap((event) => (event.kind === 'noted' ? [event.noted.bootId] : []));
}

export interface GoingOn {
  readonly host: Host;
  readonly operations: Pick<OperationLog, 'takeOver' | 'record'>;
  /** Of this boot. */
  readonly bootId: string;
}
