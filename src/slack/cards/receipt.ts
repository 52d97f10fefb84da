import type { Operation } from '../../operations/operation.ts';
import type { ForcedKill } from '../../operations/progress.ts';
import { preformatted, section, smallPrint, timeOfDay } from '../blocks.ts';
import { duration } from '../duration.ts';
import type { MessageContent } from '../messages.ts';
import { escaped } from '../outside-text.ts';
import { forcedKillSentence } from './plan-words.ts';

/** The record of one forced kill. `lines`: with the last lines of its pane, which only the alert channel may see. */
export function receiptCard({ request, id }: Operation, kill: ForcedKill, lines = false): MessageContent {
  const { stop } = kill;
  const { signals, survivors, strays, lastLines, tookMs, budgetMs } = stop.result;
  const sentence = forcedKillSentence(kill);
  const facts = [
    `Ordered by <@${request.askedBy}> with ${escaped(request.text, 200)} (${id}), stopped at ${timeOfDay(stop.at)}.`,
    `Budget ${duration(budgetMs)}, took ${duration(tookMs)}. Sent: ${signals.map(({ signal, atMs }) => `${signal} after ${duration(atMs)}`).join(', ') || 'nothing'}.`,
    ...survivors.map(
      ({ pid, state, command }) => `:warning: Survived: pid ${pid} (state ${state}) ${escaped(command, 100)}`,
    ),
    ...strays.map(
      ({ pid, command }) =>
        `Left alone: pid ${pid} carries the agent's marker and is not in its tree: ${escaped(command, 100)}`,
    ),
  ];
  return {
    text: sentence,
    blocks: [
      section([sentence, ...facts].join('\n')),
      ...(lines && lastLines.length > 0 ? [smallPrint('Its last lines:'), preformatted(lastLines)] : []),
    ],
  };
}
