import type { AgentId } from '../../domain/agent.ts';
import type { Observation } from '../../domain/observation.ts';
import type { Request } from '../../domain/operation.ts';
import type { Plan } from '../../domain/plan.ts';
import { standing } from '../../language/plan.ts';
import { type MessageContent, section, smallPrint } from '../markup/blocks.ts';
import { escaped, mention } from '../markup/mrkdwn.ts';
import { boldSelection, reasonWords } from './plan-words.ts';

const mostLeft = 10;

/** A request that finds everything as it should be, or nothing that it may touch. */
export function nothingToDoCard(
  request: Request,
  plan: Plan,
  observed: ReadonlyMap<AgentId, Observation>,
): MessageContent {
  const left = plan.steps.filter(({ action }) => action === 'leave');
  const first = `${boldSelection(request)}${standing(request, observed, left.length)}`;
  const lines = left
    .slice(0, mostLeft)
    .map(({ id, why }) => `• ${escaped(id)} left alone: ${reasonWords(why, 200)}`);
  const more = left.length > mostLeft ? [`• and ${left.length - mostLeft} more`] : [];
  const text = [first, ...lines, ...more].join('\n');
  return {
    text,
    blocks: [
      section(text),
      smallPrint(`Asked by ${mention(request.askedBy)} · ${escaped(request.text, 200)}`),
    ],
  };
}
