import type { Operation } from '../../operations/operation.ts';
import type { ForcedKill } from '../../operations/progress.ts';
import { section, smallPrint, timeOfDay } from '../blocks.ts';
import type { MessageContent } from '../messages.ts';
import { escaped } from '../outside-text.ts';
import { forcedKillSentence, mention } from './plan-words.ts';

export interface AlertCard {
  readonly operation: Operation;
  readonly kills: readonly ForcedKill[];
  readonly hostName: string;
  /** The channel of the operation's own message; it has none if it was asked for on the host. */
  readonly shownIn: string | undefined;
}

const mostLines = 15;

/** What happened, who ordered it, what now. */
export function alertCard({ operation, kills, hostName, shownIn }: AlertCard): MessageContent {
  const { request, id, startedAt } = operation;
  const lines = kills.slice(0, mostLines).map((kill) => `:skull: ${forcedKillSentence(kill)}`);
  const more = kills.length > mostLines ? [`And ${kills.length - mostLines} more.`] : [];
  const where = shownIn === undefined ? 'on the host' : `in <#${shownIn}>`;
  const order = `Asked by ${mention(request.askedBy)} ${where}: ${escaped(request.text, 200)}, ${timeOfDay(startedAt)}.`;
  const meaning =
    '`TimedOutKilled`: the agent was asked to stop, did not within its budget, and was killed; what it had not finished is lost. If this happens often, give it more time with `supervisor.drain_timeout_secs`.';
  return {
    text: [...lines, ...more, order].join(' '),
    blocks: [
      section([...lines, ...more, order].join('\n')),
      smallPrint(meaning),
      smallPrint(`${escaped(hostName)} · ${id} · receipts in the thread`),
    ],
  };
}
