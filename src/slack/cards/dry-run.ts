import type { types } from '@slack/bolt';
import type { Request } from '../../domain/operation.ts';
import { activeSteps, type Plan } from '../../domain/plan.ts';
import { count } from '../../language/duration.ts';
import { plain } from '../../language/plain-text.ts';
import { leftDownBy, planSummary, reasonsOf } from '../../language/plan.ts';
import { selectionName } from '../../language/selection.ts';
import { type MessageContent, preformatted, section, smallPrint } from '../markup/blocks.ts';
import { escaped } from '../markup/mrkdwn.ts';
import { reasonWords } from './plan-words.ts';

/** The plan that the same words without `--dry-run` would carry out. */
export function dryRunCard(request: Request, plan: Plan): MessageContent {
  const name = escaped(selectionName(request.selection));
  const text = `Dry run of ${request.verb} ${name}: ${planSummary(plan)}. Nothing was touched.`;
  const lines = plan.steps.map(({ id, action, why }) => {
    const reason = why.length === 0 ? '' : ` (${reasonsOf(why).replace(leftDownBy, 'left down')})`;
    return plain(`${action.padEnd(8)} ${id}${reason}`, 200);
  });
  const active = activeSteps(plan).length;
  return {
    text,
    blocks: [
      section(text),
      ...(plan.note === undefined ? [] : [section(escaped(plan.note, 300))]),
      ...(lines.length === 0 ? [] : [preformatted(lines)]),
      ...leftDown(plan),
      smallPrint(active === 0 ? 'It would touch nothing.' : `It would touch ${count(active, 'agent')}.`),
    ],
  };
}

const mostLeft = 20;

/** Who left what down: names of people are not parsed in the lines of the plan. */
function leftDown({ steps }: Plan): readonly types.KnownBlock[] {
  const left = steps.filter(({ why }) => why.some((reason) => leftDownBy.test(reason)));
  if (left.length === 0) return [];
  const lines = left.slice(0, mostLeft).map(({ id, why }) => `${escaped(id)} ${reasonWords(why, 200)}`);
  const more = left.length > mostLeft ? [`and ${left.length - mostLeft} more`] : [];
  return [smallPrint([...lines, ...more].join(' · '))];
}
