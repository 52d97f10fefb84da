import type { AgentId } from '../../domain/agent.ts';
import type { Operation } from '../../domain/operation.ts';
import type { OperationEvent } from '../../domain/operation-event.ts';
import type { KillReport, Verdict } from '../../domain/operation-record.ts';
import { advance, forcedKills, type Progress, progressAtStart } from '../../domain/progress.ts';
import type { Log } from '../../log/log.ts';
import type { Site } from '../../site/site.ts';
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
  readonly site: Pick<Site, 'follow'>;
  readonly operation: Operation;
  /** How many of its events happened before this process showed it. */
  readonly earlier: number;
  /** Stands already. */
  readonly message: LiveMessage;
  readonly alert: OperationAlert;
  readonly hostName: string;
  readonly log: Log;
}

/** An operation that is over, and what is to be told of it. */
export interface Over {
  readonly operation: Operation;
  readonly progress: Progress;
  readonly verdict: Verdict;
  readonly kills: readonly KillReport[];
}

/** How often the time left is shown anew, in milliseconds. */
const tickMs = 2000;

/** What an operation shows before it begins. */
export function firstCard(operation: Operation, hostName: string): MessageContent {
  return operationCard({ operation, progress: progressAtStart(operation.plan), hostName, now: new Date() });
}

/** Edits the message as the operation goes on. Undefined: it is paused, and another process will take it up. */
export async function followOperation(live: LiveOperation): Promise<Over | undefined> {
  const { site, operation, earlier, message, alert, hostName, log } = live;
  let progress = progressAtStart(operation.plan);
  let pausing = false;
  const reports = new Map<AgentId, KillReport>();
  const card = (finished?: Verdict) =>
    operationCard({
      operation,
      progress,
      hostName,
      now: new Date(),
      ...(finished && { finished }),
      ...(pausing && { pausing }),
    });
  const kills = () =>
    forcedKills(progress).flatMap((kill) => {
      const report = reports.get(kill.step.id);
      return report === undefined ? [] : [{ ...report, ...kill }];
    });

  const ticking = setInterval(() => {
    if ([...progress.values()].some(({ phase }) => phase.kind === 'draining')) message.edit(card());
  }, tickMs);
  try {
    for await (const news of site.follow(operation.id, 0)) {
      if (news.kind === 'over') {
        const { verdict } = news;
        if (verdict.error !== undefined)
          log.warn('an operation ended in trouble', { operation: operation.id, error: verdict.error });
        if (verdict.cancelled === undefined) message.edit(card(verdict));
        return { operation, progress, verdict, kills: news.kills };
      }
      if (news.kind === 'event') {
        progress = advance(progress, news.event);
        if (news.kill !== undefined) {
          reports.set(news.event.id, news.kill);
          alert.killed(kills());
        }
        if (news.number <= earlier) continue;
        logEvent(log, operation, news.event);
      } else if (news.kind === 'pausing') pausing = true;
      if (news.kind !== 'paused') message.edit(card());
    }
  } finally {
    clearInterval(ticking);
  }
  return undefined;
}

function logEvent(log: Log, { id: operation }: Operation, event: OperationEvent): void {
  const data = { operation, agent: event.id };
  if (event.kind === 'failed') log.warn('step failed', { ...data, error: event.error });
  else if (event.kind === 'left' || event.kind === 'gone') log.warn(event.kind, { ...data, why: event.why });
  else if (event.kind === 'drained')
    log.info('drained', { ...data, outcome: event.result.outcome, tookMs: event.result.tookMs });
  else log.info(event.kind, data);
}
