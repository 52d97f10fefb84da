import { runOperation } from '../operations/engine.ts';
import type { OperationEvent } from '../operations/events.ts';
import type { LastStops } from '../operations/last-stops.ts';
import type { Operation } from '../operations/operation.ts';
import { advance, forcedKills, progressAtStart } from '../operations/progress.ts';
import type { Situation } from '../operations/situation.ts';
import type { Alerts } from './alerts.ts';
import { sentenceCard } from './blocks.ts';
import { closingReply } from './cards/closing.ts';
import { operationCard } from './cards/operation.ts';
import { receiptCard } from './cards/receipt.ts';
import { newId } from './ids.ts';
import type { Log } from './log.ts';
import type { MessageContent } from './messages.ts';
import { escaped } from './outside-text.ts';
import type { LiveMessage, MessageWriter } from './writer.ts';

export interface LiveOperation {
  readonly operation: Operation;
  readonly situation: Situation;
  readonly show: (content: MessageContent, id: string) => Promise<LiveMessage>;
  readonly writer: MessageWriter;
  readonly alerts: Alerts;
  readonly lastStops: LastStops;
  readonly log: Log;
}

/** How often the time left is shown anew, in milliseconds. */
const tickMs = 2000;
/** What could not begin by then is not run late: the world that was asked about is another by now. In milliseconds. */
const notLaterMs = 60_000;
/** From this long on the person who asked has looked away: an edit would not tell them. */
const longMs = 30_000;

/**
 * Runs an operation with one message that follows it; nothing is touched before that message stands. Resolves when
 * the operation is over, with what is left to tell of it.
 */
export async function followOperation(live: LiveOperation): Promise<() => Promise<void>> {
  const { operation, situation, writer, alerts, lastStops, log } = live;
  let progress = progressAtStart(operation.plan);
  let finished: { readonly at: Date; readonly error?: Error } | undefined;
  const card = () =>
    operationCard({
      operation,
      progress,
      hostName: situation.host.name,
      now: new Date(),
      ...(finished && { finished }),
    });
  const message = await live.show(card(), operation.id);
  if (Date.now() - operation.startedAt.getTime() > notLaterMs) {
    message.edit(
      sentenceCard(
        `Cancelled, nothing was touched: Slack took too long to show this. Ask again: ${escaped(operation.request.text, 200)}`,
      ),
    );
    return () => message.settled();
  }
  const alert = alerts.about(operation, message);

  const { finished: over } = runOperation(operation, situation, (event) => {
    const killedBefore = forcedKills(progress).length;
    progress = advance(progress, event);
    lastStops.note(event);
    logEvent(log, operation, event);
    if (forcedKills(progress).length > killedBefore) alert.killed(forcedKills(progress));
    message.edit(card());
  });
  const ticking = setInterval(() => {
    if ([...progress.values()].some(({ phase }) => phase.kind === 'draining')) message.edit(card());
  }, tickMs);
  const outcome = await over.finally(() => clearInterval(ticking));
  const finishedAt = new Date();
  finished = { at: finishedAt, ...outcome };
  message.edit(card());

  return async () => {
    const kills = forcedKills(progress);
    for (const kill of kills) {
      const id = newId('R');
      await reply(id, receiptCard({ id, operation, kill, lines: alert.isHere }));
    }
    const untold = await alert.settled();
    if (kills.length > 0 || finishedAt.getTime() - operation.startedAt.getTime() > longMs) {
      await reply(newId('S'), closingReply({ operation, progress, finishedAt, untold }));
    }
    await message.settled();
  };

  /** What was done stays done: a reply that cannot be posted is no failure of the operation. */
  async function reply(id: string, content: MessageContent): Promise<void> {
    try {
      await writer.post({ channel: message.channel, thread: message.ts, content, id });
    } catch (error) {
      log.error('a reply could not be posted', { operation: operation.id, id, error: String(error) });
    }
  }
}

function logEvent(log: Log, { id: operation }: Operation, event: OperationEvent): void {
  const data = { operation, agent: event.id };
  if (event.kind === 'failed') log.warn('step failed', { ...data, error: event.error.message });
  else if (event.kind === 'drained')
    log.info('drained', { ...data, outcome: event.result.outcome, tookMs: event.result.tookMs });
  else log.info(event.kind, data);
}
