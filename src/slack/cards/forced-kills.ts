import type { BudgetAdvice } from '../../domain/budget-advice.ts';
import type { Operation } from '../../domain/operation.ts';
import type { ForcedKill } from '../../domain/progress.ts';
import { adviceWords } from '../../language/advice.ts';
import { duration } from '../../language/duration.ts';
import { type MessageContent, section, smallPrint, timeOfDay } from '../markup/blocks.ts';
import { escaped, firstWithin, mention } from '../markup/mrkdwn.ts';
import { type AlertedButtons, alertButtons } from './alert-buttons.ts';
import { forcedKillSentence } from './plan-words.ts';

export interface AlertCard {
  readonly operation: Operation;
  readonly kills: readonly AdvisedKill[];
  readonly hostName: string;
  /** The channel of the operation's own message; it has none if it was asked for on the host. */
  readonly shownIn: string | undefined;
}

/** A forced kill, with what the agent's drains say of its budget. */
export type AdvisedKill = ForcedKill & { readonly advice: BudgetAdvice };

const mostLines = 15;

/** Of all lines together; a section takes 3,000 characters, and who asked stands there, too. */
const mostBytes = 2200;

/** What happened, who ordered it, what now. */
export function alertCard({ operation, kills, hostName, shownIn }: AlertCard): MessageContent {
  const { request, id, startedAt } = operation;
  const sentences = kills
    .slice(0, mostLines)
    .map((kill) => `:skull: ${forcedKillSentence(kill)}${advised(kill)}`);
  const lines = firstWithin(sentences, mostBytes);
  const more = kills.length > lines.length ? [`And ${kills.length - lines.length} more.`] : [];
  const where = shownIn === undefined ? 'on the host' : `in <#${shownIn}>`;
  const order = `Asked by ${mention(request.askedBy)} ${where}: ${escaped(request.text, 200)}, ${timeOfDay(startedAt)}.`;
  const meaning =
    '`TimedOutKilled`: the agent was asked to stop, did not within its budget, and was killed; what it had not finished is lost. If this happens often, give it more time with `supervisor.drain_timeout_secs`.';
  return {
    text: [...lines, ...more, order].join(' '),
    blocks: [
      section([...lines, ...more, order].join('\n')),
      ...alertButtons(kills.map(killButtons)),
      smallPrint(meaning),
      smallPrint(`${escaped(hostName)} · ${id} · receipts in the thread`),
    ],
  };
}

/** What one can do after a forced kill. */
export function killButtons({ step, advice }: AdvisedKill): AlertedButtons {
  const budgetMs = offeredMs(advice, step.budgetMs);
  return { id: step.id, ...(budgetMs !== undefined && { budgetMs }) };
}

function advised({ advice }: AdvisedKill): string {
  const words = adviceWords(advice, { lasting: duration });
  return words === undefined ? '' : ` ${words}`;
}

const leastOfferedMs = 15_000;

const mostOfferedMs = 600_000;

/** What its drains propose; where there were too few to tell, twice what was too little. */
function offeredMs({ proposal }: BudgetAdvice, budgetMs: number): number | undefined {
  if (proposal.kind === 'more-time') return proposal.budgetMs;
  if (proposal.kind !== 'too-few') return undefined;
  const twice = Math.ceil((budgetMs * 2) / 5000) * 5000;
  const offered = Math.min(mostOfferedMs, Math.max(leastOfferedMs, twice));
  return offered > budgetMs ? offered : undefined;
}
