import type { Incarnation } from '../domain/observation.ts';
import type { OperationEvent } from '../domain/operation-event.ts';
import type { LoggedOperation, TakenUp } from '../domain/operation-record.ts';
import { type Progress, progressBy, type StepPhase } from '../domain/progress.ts';
import { isTooLate } from '../domain/proposal.ts';
import { RefusedError } from '../domain/refusal.ts';
import { meets, projectOf, type Selection } from '../domain/selection.ts';
import type { Host } from './host.ts';
import type { ProjectLocks, Release } from './locks/project-locks.ts';
import { noteIntentions } from './note-desired-state.ts';
import type { Operator } from './operate.ts';
import { readSituation } from './plan/make-plan.ts';
import type { Situation } from './plan/plan-input.ts';
import type { OperationLog } from './records/operation-log.ts';
import type { Course } from './run/course.ts';
import type { From } from './run/under-way.ts';

export interface RecoveryOptions {
  readonly host: Host;
  readonly locks: ProjectLocks;
  readonly operations: OperationLog;
  readonly operator: Pick<Operator, 'resume' | 'isPausing'>;
  readonly lives: Lives;
  /** Of this boot. */
  readonly bootId: string;
}

/** What processes of ours that died have left is gone on with by whoever looks first. */
export interface Recovery {
  /**
   * Resolves when what was left on these projects is held, so that nothing new comes between, and gives what is gone on with. What a
   * living process has is left to it. Throws `JournalError`.
   */
  recover(selection: Selection): Promise<readonly TakenUp[]>;
}

export function createRecovery(options: RecoveryOptions): Recovery {
  const { operations, operator, lives } = options;

  /** Undefined: another process of ours is at work there, or was. */
  async function tryToHold(left: LoggedOperation): Promise<HeldOperation | undefined> {
    try {
      return await holdLeft(left, options);
    } catch (error) {
      if (error instanceof RefusedError) return undefined;
      throw error;
    }
  }

  async function whereItIs(logged: LoggedOperation, course: Course): Promise<From> {
    if (logged.wentAt === undefined) throw new Error(neverWent);
    const { left, ...from } = await goOnFrom(logged, options);
    for (const event of left) course.add(event);
    return from;
  }

  return {
    async recover(selection) {
      if (operator.isPausing) return [];
      const taken: TakenUp[] = [];
      for (const left of await ofDeadProcesses(operations.unfinished(), lives)) {
        if (!meets(projectOf(left.operation.request.selection), projectOf(selection))) continue;
        const held = await tryToHold(left);
        if (held === undefined) continue;
        const { logged, release } = held;
        operator.resume(logged, release, (course) => whereItIs(logged, course));
        taken.push({ operation: logged.operation, events: logged.events });
      }
      return taken;
    },
  };
}

const neverWent = 'Muster ended before it had shown what was to be done, so nothing was touched; ask again';

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
): Promise<{
  readonly situation: Situation;
  readonly earlier: Progress;
  /** What must not be done any more. */
  readonly left: readonly OperationEvent[];
}> {
  const { operation, events } = logged;
  operations.takeOver(operation.id);
  const situation = await readSituation(host, operation.request);
  const { progress, events: left } = takeUp(logged, operations, { ms: Date.now(), bootId });
  const isToBegin = events.length === 0 && [...progress.values()].some(({ phase }) => phase.kind !== 'left');
  if (isToBegin) noteIntentions({ plan: operation.plan, situation }, host.wanted);
  const rebooted = logged.owner.bootId !== bootId || stoppedInAnotherBoot(logged, host.supervisor);
  return { situation: { ...situation, ...(rebooted && { startsNothing }) }, earlier: progress, left };
}

/** A stop began before the agent's host was rebooted: a process that took it up since may have died, too. */
function stoppedInAnotherBoot(
  { operation, events }: LoggedOperation,
  supervisor: Pick<Host['supervisor'], 'isSameBoot'>,
): boolean {
  const stops = new Map(operation.plan.steps.map(({ id, stop }) => [id, stop]));
  return events.some((event) => {
    const agent = stops.get(event.id);
    return event.kind === 'noted' && agent !== undefined && !supervisor.isSameBoot(agent, event.noted.bootId);
  });
}

export interface GoingOn {
  readonly host: Host;
  readonly operations: Pick<OperationLog, 'takeOver' | 'record'>;
  /** Of this boot. */
  readonly bootId: string;
}

/**
 * How far an operation of a process that died came, with what must not be done any more written down as left: what had not begun
 * and is too old, and whatever was to be started before the host was rebooted.
 */
export function takeUp(
  { operation, events, owner }: LoggedOperation,
  log: Pick<OperationLog, 'record'>,
  now: { readonly ms: number; readonly bootId: string },
): { readonly progress: Progress; readonly events: readonly OperationEvent[] } {
  const progress = progressBy(operation.plan, events);
  const tooOld = isTooLate(operation, now.ms);
  const rebooted = owner.bootId !== now.bootId;
  const left = [...progress.values()].flatMap(({ step, phase }): OperationEvent[] => {
    const why = whyLeft(phase, { tooOld, rebooted });
    return why === undefined ? [] : [{ kind: 'left', id: step.id, at: new Date(now.ms), why }];
  });
  for (const event of left) log.record(operation, event);
  return { progress: progressBy(operation.plan, [...events, ...left]), events: left };
}

function whyLeft(
  phase: StepPhase,
  { tooOld, rebooted }: { readonly tooOld: boolean; readonly rebooted: boolean },
): string | undefined {
  switch (phase.kind) {
    case 'draining':
    case 'killing':
      if (phase.noted !== undefined) return undefined;
      return tooOld ? notBegun : undefined;
    case 'pending':
      return tooOld ? notBegun : undefined;
    case 'waiting-to-start':
    case 'starting':
      return rebooted ? startsNothing : undefined;
    default:
      return undefined;
  }
}

/** Of an operation from before the host was rebooted. */
export const startsNothing = 'the host was rebooted meanwhile, and nothing is started unasked';

const notBegun = 'nothing was done to it: Muster ended before its turn, and nothing is run late; ask again';
