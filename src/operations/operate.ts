import type { AgentId } from '../domain/agent.ts';
import { askReason, shownBy } from '../domain/confirmation.ts';
import type { Operation, Request } from '../domain/operation.ts';
import type { LoggedOperation } from '../domain/operation-record.ts';
import { activeSteps } from '../domain/plan.ts';
import {
  type Beginning,
  type BeginOrder,
  type Going,
  isTooLate,
  notLaterMs,
  type Proposal,
} from '../domain/proposal.ts';
import { RefusedError } from '../domain/refusal.ts';
import { reasonWords } from '../language/refusals.ts';
import { systemTimers, type Timers } from '../timers.ts';
import type { Host } from './host.ts';
import type { ProjectLocks, Release } from './locks/project-locks.ts';
import { noteIntentions } from './note-desired-state.ts';
import { type Planned, planRequest } from './plan/make-plan.ts';
import type { OperationLog } from './records/operation-log.ts';
import { type Course, createCourse } from './run/course.ts';
import { runOperation } from './run/run-plan.ts';
import { createUnderWay, type From, type OwnOperation } from './run/under-way.ts';

export interface OperatorOptions {
  readonly host: Host;
  readonly locks: ProjectLocks;
  readonly operations: OperationLog;
  readonly timers?: Timers;
}

/**
 * An operation's life, once: held, planned and on record, then run, settled and free. Its projects are held from before the plan is
 * made until nothing is touched any more. All of it throws `RefusedError` and `JournalError`.
 */
export interface Operator {
  /** Touches nothing. */
  plan(request: Request): Promise<Proposal>;
  begin(order: BeginOrder): Promise<Beginning>;
  /** Nothing is touched before this. What does not go within `notLaterMs` is cancelled. */
  go(id: string): Promise<Going>;
  /** Only before it goes; later it does nothing. */
  cancel(id: string, why: string): Promise<void>;
  /** Goes on with what a dead process left and is held now. Where `from` fails it is cancelled, with the reason. */
  resume(logged: LoggedOperation, release: Release, from: (course: Course) => Promise<From>): void;
  /** Of an operation that this process has. */
  courseOf(id: string): Course | undefined;
  /** Adds to the budget of every drain that runs; gives whom it reached. */
  extend(id: string, byMs: number): readonly AgentId[];
  /** Ends the wait of every drain that had begun by then; gives whom it reached. */
  killNow(id: string, begunBy: Date): readonly AgentId[];
  /** Takes nothing new and begins no more steps. */
  pause(): void;
  readonly isPausing: boolean;
  /** Resolves when nothing runs here. */
  idle(): Promise<void>;
}

/** What is on record and has not gone yet. */
interface Waiting {
  readonly own: OwnOperation;
  readonly planned: Planned;
  readonly stopClock: () => void;
}

export function createOperator({
  host,
  locks,
  operations,
  timers = systemTimers,
}: OperatorOptions): Operator {
  const underWay = createUnderWay(operations);
  const beginning = new Map<string, Promise<Beginning>>();
  const waiting = new Map<string, Waiting>();

  async function begin({ id, request: asked, planHash, confirmedBy }: BeginOrder): Promise<Beginning> {
    const known = (underWay.of(id)?.course ?? operations.find(id))?.operation;
    if (known !== undefined) return { kind: 'begun', operation: known, observed: [] };
    if (underWay.isPausing) throw new RefusedError({ kind: 'restarting' });
    const request = { ...asked, ...(confirmedBy !== undefined && { confirmedBy }) };
    const startedAt = new Date(timers.now());
    if (isTooLate({ request, startedAt }, timers.now())) return { kind: 'too-late' };
    const held = await hold({ id, request, startedAt });
    if (held.kind === 'busy') return held;
    let isOnRecord = false;
    try {
      const planned = await planRequest(host, request);
      const proposal = proposalOf(planned);
      if (planHash !== undefined && planHash !== proposal.hash) return { kind: 'changed', proposal };
      if (planHash === undefined && proposal.reason !== undefined) return { kind: 'ask', proposal };
      if (activeSteps(planned.plan).length === 0) return await nothingToDo(planned, proposal);
      const operation = { id, request, plan: planned.plan, startedAt };
      operations.begin(operation);
      isOnRecord = true;
      wait({ course: createCourse(operation), release: held.release }, planned);
      return { kind: 'begun', operation, observed: proposal.observed };
    } finally {
      if (!isOnRecord) await held.release();
    }
  }

  type Held = { readonly kind: 'held'; readonly release: Release };

  async function hold({
    id,
    request,
    startedAt,
  }: Omit<Operation, 'plan'>): Promise<Held | Extract<Beginning, { kind: 'busy' }>> {
    const { selection, text, askedBy } = request;
    try {
      return { kind: 'held', release: await locks.take(selection, { id, text, askedBy, since: startedAt }) };
    } catch (error) {
      if (!(error instanceof RefusedError) || error.refusal.kind !== 'busy') throw error;
      return { kind: 'busy', with: error.refusal.operation };
    }
  }

  /** At most the snapshot's digest is brought up to date. */
  async function nothingToDo(planned: Planned, proposal: Proposal): Promise<Beginning> {
    noteIntentions(planned, host.wanted);
    const offRecord = { record: () => undefined, emit: () => undefined };
    const { error } = await runOperation(planned, planned.situation, offRecord).finished;
    return { kind: 'nothing-to-do', proposal, ...(error !== undefined && { unsettled: error }) };
  }

  function wait(own: OwnOperation, planned: Planned): void {
    const { id } = own.course.operation;
    const giveUp = () => underWay.track(cancel(id, 'nobody let it go in time, so nothing was touched'));
    underWay.add(own);
    waiting.set(id, { own, planned, stopClock: timers.after(notLaterMs, giveUp) });
  }

  /** What waits under this id does so no more. */
  function taken(id: string): Waiting | undefined {
    const held = waiting.get(id);
    held?.stopClock();
    waiting.delete(id);
    return held;
  }

  async function go(id: string): Promise<Going> {
    const held = waiting.get(id);
    if (held === undefined) return went(id);
    if (isTooLate(held.own.course.operation, timers.now())) {
      await cancel(id, 'it could not be shown in time, so nothing was touched');
      return { kind: 'too-late' };
    }
    try {
      operations.goes(id);
      noteIntentions(held.planned, host.wanted);
    } catch (error) {
      await cancel(id, reasonWords(error));
      throw error;
    }
    taken(id);
    underWay.run(held.own, held.planned);
    return { kind: 'going' };
  }

  function went(id: string): Going {
    if (underWay.of(id)?.run !== undefined) return { kind: 'going' };
    const logged = operations.find(id);
    if (logged === undefined) throw new RefusedError({ kind: 'unknown-operation', id });
    const isCancelled = logged.verdict?.cancelled !== undefined;
    return { kind: logged.wentAt === undefined || isCancelled ? 'too-late' : 'going' };
  }

  async function cancel(id: string, why: string): Promise<void> {
    const held = taken(id);
    if (held !== undefined) await underWay.end(held.own, { at: new Date(timers.now()), cancelled: why });
  }

  return {
    plan: async (request) => proposalOf(await planRequest(host, request)),
    begin(order) {
      const answer = beginning.get(order.id) ?? begin(order).finally(() => beginning.delete(order.id));
      beginning.set(order.id, answer);
      return answer;
    },
    go,
    cancel,
    resume({ operation, events }, release, from) {
      const course = createCourse(operation, events);
      const own: OwnOperation = { course, release };
      underWay.add(own);
      const giveUp = (error: unknown) =>
        underWay.end(own, { at: new Date(timers.now()), cancelled: reasonWords(error) });
      underWay.track(from(course).then((where) => underWay.run(own, where), giveUp));
    },
    courseOf: (id) => underWay.of(id)?.course,
    extend: (id, byMs) => underWay.of(id)?.run?.extend(byMs) ?? [],
    killNow: (id, begunBy) => underWay.of(id)?.run?.killNow(begunBy) ?? [],
    pause: underWay.pause,
    get isPausing() {
      return underWay.isPausing;
    },
    idle: underWay.idle,
  };
}

function proposalOf({ plan, situation }: Planned): Proposal {
  const { request, observed } = situation;
  const reason = askReason(request, plan);
  return {
    request,
    plan,
    observed: [...observed],
    hash: shownBy(plan, observed).digest,
    ...(reason !== undefined && { reason }),
  };
}
