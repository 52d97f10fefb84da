import { type Run, type RunEnd, runOperation } from '../operations/engine.ts';
import type { OperationEvent } from '../operations/events.ts';
import type { Operation } from '../operations/operation.ts';
import type { OperationLog, Verdict } from '../operations/operation-log.ts';
import { advance, forcedKills, type Progress, progressAtStart } from '../operations/progress.ts';
import type { Situation } from '../operations/situation.ts';
import type { OperationAlert } from './alerts.ts';
import { operationCard } from './cards/operation.ts';
import type { Log } from './log.ts';
import type { MessageContent } from './messages.ts';
import type { LiveMessage } from './writer.ts';

export interface LiveOperation {
  readonly operation: Operation;
  readonly situation: Situation;
  /** How far an earlier process came with it. */
  readonly earlier?: Progress;
  /** Stands already. */
  readonly message: LiveMessage;
  readonly alert: OperationAlert;
  readonly operations: OperationLog;
  readonly log: Log;
  /** Gets the handle as soon as it runs. */
  readonly began: (run: Run) => void;
}

/** An operation that is over. */
export interface Followed {
  readonly progress: Progress;
  readonly verdict: Verdict;
}

/** How often the time left is shown anew, in milliseconds. */
const tickMs = 2000;

/** What an operation shows before it begins. */
export function firstCard(operation: Operation, hostName: string): MessageContent {
  return operationCard({ operation, progress: progressAtStart(operation.plan), hostName, now: new Date() });
}

/** Runs an operation with one message that follows it. Undefined: it is paused, and another process will take it up. */
export async function followOperation(live: LiveOperation): Promise<Followed | undefined> {
  const { operation, situation, message, alert, operations, log } = live;
  let progress = live.earlier ?? progressAtStart(operation.plan);
  let verdict: Verdict | undefined;
  let pausing = false;
  const card = () =>
    operationCard({
      operation,
      progress,
      hostName: situation.host.name,
      now: new Date(),
      ...(verdict && { finished: verdict }),
      ...(pausing && { pausing }),
    });

  const run = runOperation(operation, situation, {
    ...(live.earlier && { earlier: live.earlier }),
    record: (event) => operations.record(operation, event),
    emit(event) {
      const killedBefore = forcedKills(progress).length;
      progress = advance(progress, event);
      logEvent(log, operation, event);
      if (forcedKills(progress).length > killedBefore) alert.killed(forcedKills(progress));
      message.edit(card());
    },
  });
  live.began({
    ...run,
    pause() {
      run.pause();
      pausing = true;
      message.edit(card());
    },
  });
  const ticking = setInterval(() => {
    if ([...progress.values()].some(({ phase }) => phase.kind === 'draining')) message.edit(card());
  }, tickMs);
  const end: RunEnd = await run.finished.finally(() => clearInterval(ticking));
  if (end.paused) return undefined;
  verdict = { at: new Date(), ...(end.error && { error: end.error }) };
  try {
    operations.finish(operation.id, verdict);
  } catch (error) {
    log.error('an operation is over and the journal does not know it', { error: String(error) });
    verdict = { ...verdict, error: end.error ?? asError(error) };
  }
  message.edit(card());
  return { progress, verdict };
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

function logEvent(log: Log, { id: operation }: Operation, event: OperationEvent): void {
  const data = { operation, agent: event.id };
  if (event.kind === 'failed') log.warn('step failed', { ...data, error: event.error.message });
  else if (event.kind === 'left' || event.kind === 'gone') log.warn(event.kind, { ...data, why: event.why });
  else if (event.kind === 'drained')
    log.info('drained', { ...data, outcome: event.result.outcome, tookMs: event.result.tookMs });
  else log.info(event.kind, data);
}
