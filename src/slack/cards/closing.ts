import type { Operation } from '../../domain/operation.ts';
import { forcedKills, type Progress } from '../../domain/progress.ts';
import { count, duration } from '../../language/duration.ts';
import { doneSummary, spoken } from '../../language/plan.ts';
import type { Failure } from '../connection/failures.ts';
import { type MessageContent, sentenceCard } from '../markup/blocks.ts';
import { escaped, firstWithin, mention } from '../markup/mrkdwn.ts';
import { mayPass } from '../outbox/messages.ts';
import { alertButtons } from './alert-buttons.ts';
import { type AdvisedKill, killButtons } from './forced-kills.ts';
import { boldSelection } from './plan-words.ts';

export interface Closing {
  readonly operation: Operation;
  readonly progress: Progress;
  readonly finishedAt: Date;
  /** Why the alert channel does not know of the forced kills. */
  readonly untold?: Failure | undefined;
  /** The forced kills that this reply is the alert of. */
  readonly offered?: readonly AdvisedKill[];
}

/** Of the names of those that had to be killed, in bytes. */
const mostNames = 1500;

/** The last word in the thread: an edit notifies nobody, this does. */
export function closingReply({
  operation,
  progress,
  finishedAt,
  untold,
  offered = [],
}: Closing): MessageContent {
  const { request, plan, startedAt } = operation;
  const kills = forcedKills(progress);
  const over = `${spoken[request.verb].noun} of ${boldSelection(request)} is over after ${duration(finishedAt.getTime() - startedAt.getTime())}: ${doneSummary(plan, progress)}.`;
  const ids = kills.map(({ step }) => escaped(step.id));
  const names = firstWithin(ids, mostNames);
  const more = ids.length > names.length ? ` and ${ids.length - names.length} more` : '';
  const killed =
    kills.length === 0
      ? ''
      : ` ${count(kills.length, 'agent')} had to be killed (\`TimedOutKilled\`): ${names.join(', ')}${more}.`;
  const missing =
    untold === undefined
      ? ''
      : ` The alert channel could not be told: ${escaped(untold.words, 200)}.${whatNext(untold)}`;
  const { text, blocks } = sentenceCard(`${mention(request.askedBy)} ${over}${killed}${missing}`);
  return { text, blocks: [...blocks, ...alertButtons(offered.map(killButtons))] };
}

function whatNext(failure: Failure): string {
  if (mayPass(failure)) return ' Muster tries again.';
  return /^(?:not_in_channel|channel_not_found)\b/.test(failure.words)
    ? ' Type `/invite @Muster` there, or mend SLACK_ALERT_CHANNEL.'
    : '';
}
