import type { Operation } from '../../operations/operation.ts';
import type { ForcedKill } from '../../operations/progress.ts';
import { preformatted, section, smallPrint, timeOfDay } from '../blocks.ts';
import { duration, exactly } from '../duration.ts';
import type { MessageContent } from '../messages.ts';
import { escaped } from '../outside-text.ts';
import { forcedKillSentence, mention } from './plan-words.ts';

export interface Receipt {
  readonly id: string;
  readonly operation: Operation;
  readonly kill: ForcedKill;
  /** With the last lines of its pane, which only the alert channel may see. */
  readonly lines: boolean;
}

/** The record of one forced kill. */
export function receiptCard({ id, operation, kill, lines }: Receipt): MessageContent {
  const { request } = operation;
  const { stop } = kill;
  const { signals, survivors, strays, lastLines, tookMs, budgetMs } = stop.result;
  const sentence = forcedKillSentence(kill);
  const facts = [
    `Ordered by ${mention(request.askedBy)} with ${escaped(request.text, 200)} (${operation.id}), stopped at ${timeOfDay(stop.at)}.`,
    `Budget ${duration(budgetMs)}, took ${exactly(tookMs)}. Sent: ${signals.map(({ signal, atMs }) => `${signal === 'C-c' ? 'Ctrl-C' : signal} after ${exactly(atMs)}`).join(', ') || 'nothing'}.`,
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
      smallPrint(id),
    ],
  };
}
