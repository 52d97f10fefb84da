import type { Operation } from '../../domain/operation.ts';
import type { OperationEvent } from '../../domain/operation-event.ts';
import { forcedKills, type Progress, progressAtStart } from '../../domain/progress.ts';
import type { Log } from '../../log/log.ts';
import { conduct, type Over } from '../../operations/conduct.ts';
import type { Situation } from '../../operations/plan/plan-input.ts';
import type { OperationLog } from '../../operations/records/operation-log.ts';
import type { Run } from '../../operations/run/run-plan.ts';
import type { OperationAlert } from '../alerts/forced-kills.ts';
import { operationCard } from '../cards/operation.ts';
import type { MessageContent } from '../markup/blocks.ts';
import type { LiveMessage } from '../outbox/writer.ts';

/** Where an operation is shown: in a new message, or in place of the question it came from. */
export interface Stage {
  readonly channel: string;
  /** Of the message that is there already. */
  readonly ts?: string;
  show(content: MessageContent, id: string): Promise<LiveMessage>;
}

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

/** How often the time left is shown anew, in milliseconds. */
const tickMs = 2000;

/** What an operation shows before it begins. */
export function firstCard(operation: Operation, hostName: string): MessageContent {
  return operationCard({ operation, progress: progressAtStart(operation.plan), hostName, now: new Date() });
}

/** Runs an operation with one message that follows it. Undefined: it is paused, and another process will take it up. */
export async function followOperation(live: LiveOperation): Promise<Over | undefined> {
  const { operation, situation, message, alert, operations, log } = live;
  let progress = live.earlier ?? progressAtStart(operation.plan);
  let over: Over | undefined;
  let pausing = false;
  const card = () =>
    operationCard({
      operation,
      progress,
      hostName: situation.host.name,
      now: new Date(),
      ...(over && { finished: over.verdict }),
      ...(pausing && { pausing }),
    });

  const ticking = setInterval(() => {
    if ([...progress.values()].some(({ phase }) => phase.kind === 'draining')) message.edit(card());
  }, tickMs);
  over = await conduct({
    operation,
    situation,
    operations,
    ...(live.earlier && { earlier: live.earlier }),
    emit(event, now) {
      const killedBefore = forcedKills(progress).length;
      progress = now;
      logEvent(log, operation, event);
      if (forcedKills(progress).length > killedBefore) alert.killed(forcedKills(progress));
      message.edit(card());
    },
    began(run) {
      live.began({
        ...run,
        pause() {
          run.pause();
          pausing = true;
          message.edit(card());
        },
      });
    },
  }).finally(() => clearInterval(ticking));
  if (over === undefined) return undefined;
  const { error } = over.verdict;
  if (error !== undefined) log.warn('an operation ended in trouble', { error });
  message.edit(card());
  return over;
}

function logEvent(log: Log, { id: operation }: Operation, event: OperationEvent): void {
  const data = { operation, agent: event.id };
  if (event.kind === 'failed') log.warn('step failed', { ...data, error: event.error });
  else if (event.kind === 'left' || event.kind === 'gone') log.warn(event.kind, { ...data, why: event.why });
  else if (event.kind === 'drained')
    log.info('drained', { ...data, outcome: event.result.outcome, tookMs: event.result.tookMs });
  else log.info(event.kind, data);
}
