import type { Operation } from '../../operations/operation.ts';
import { forcedKills, type Progress } from '../../operations/progress.ts';
import { sentenceCard } from '../blocks.ts';
import { count } from '../duration.ts';
import type { MessageContent } from '../messages.ts';
import { escaped } from '../outside-text.ts';
import { boldSelection, spoken } from './plan-words.ts';

/** The last word in the thread: an edit notifies nobody, this does. `untold`: why the alert channel does not know. */
export function closingReply(
  { request }: Operation,
  progress: Progress,
  untold: string | undefined,
): MessageContent {
  const kills = forcedKills(progress);
  const killed =
    kills.length === 0
      ? ''
      : ` ${count(kills.length, 'agent')} had to be killed (\`TimedOutKilled\`): ${kills.map(({ step }) => escaped(step.id)).join(', ')}.`;
  const missing =
    untold === undefined ? '' : ` The alert channel could not be told: ${escaped(untold, 200)}.`;
  const text = `<@${request.askedBy}> ${spoken[request.verb].noun} of ${boldSelection(request)} is over.${killed}${missing}`;
  return sentenceCard(text);
}
