import type { types } from '@slack/bolt';
import type { AgentId } from '../../domain/agent.ts';
import type { Difference } from '../../domain/confirmation.ts';
import type { Observation } from '../../domain/observation.ts';
import { activeSteps, type Step } from '../../domain/plan.ts';
import { count, duration } from '../../language/duration.ts';
import { changeWords, consequence, fate, seenWords, spoken } from '../../language/plan.ts';
import { actions, button, cell, type MessageContent, section, smallPrint } from '../markup/blocks.ts';
import { escaped, mention } from '../markup/mrkdwn.ts';
import { type ConfirmRule, type Question, questionLastsMs } from '../records/open-confirmations.ts';
import { boldSelection } from './plan-words.ts';

export interface QuestionCard {
  readonly question: Question;
  readonly observed: ReadonlyMap<AgentId, Observation>;
  readonly hostName: string;
  /** Who has to agree. */
  readonly rule: ConfirmRule;
  /** Why the same person is asked once more, as a sentence. */
  readonly again?: string;
}

const mostRows = 40;

/** Slack takes 10,000 characters in a table and 12,000 in a message. */
const mostCharacters = 7500;

/** Asks before anything is killed on purpose, and shows exactly what would be. */
export function questionCard({ question, observed, hostName, rule, again }: QuestionCard): MessageContent {
  const { request, plan, reason, id } = question;
  const active = activeSteps(plan);
  const asked = `${spoken[request.verb].noun} of ${boldSelection(request)} on ${escaped(hostName)}?`;
  const sentence = `${asked} ${consequence(reason, active)}`;
  const rows = agentRows(active, observed);
  const whom =
    rule === 'second-person'
      ? `For another operator than ${mention(request.askedBy)}, who asks`
      : `For ${mention(request.askedBy)} only`;
  const terms = `${whom}, for ${duration(questionLastsMs)}, for this state · ${escaped(request.text, 200)}`;
  const buttons = [
    button({ action: 'question_accept', label: acceptLabel(question), value: id, style: 'danger' }),
    ...(request.verb === 'down'
      ? [button({ action: 'question_drain', label: 'Drain instead', value: id })]
      : []),
    button({ action: 'question_cancel', label: 'Cancel', value: id }),
  ];
  return {
    text: `${again === undefined ? '' : `${again} `}${sentence}`,
    blocks: [
      ...(again === undefined ? [] : [section(again)]),
      section(sentence),
      { type: 'table', rows: [['agent', 'now', 'would be'].map((word) => cell(word)), ...rows] },
      ...(active.length > rows.length
        ? [smallPrint(`And ${count(active.length - rows.length, 'more agent')}.`)]
        : []),
      smallPrint(terms),
      actions(buttons),
    ],
  };
}

function acceptLabel({ request, plan, reason }: Question): string {
  const active = activeSteps(plan);
  const agents = count(active.length, 'agent');
  if (reason === 'hard-down' || reason === 'zero-budget') return `Kill ${agents}`;
  return `${spoken[request.verb].noun} ${agents}`;
}

/** The first agents, as many as fit. */
function agentRows(
  active: readonly Step[],
  observed: ReadonlyMap<AgentId, Observation>,
): types.RawTextElement[][] {
  const rows: types.RawTextElement[][] = [];
  let characters = 0;
  for (const step of active.slice(0, mostRows)) {
    const row = [step.id, seenWords(observed.get(step.id)), fate(step)].map((words) => cell(words));
    characters += row.reduce((sum, { text }) => sum + text.length, 0);
    if (characters > mostCharacters) break;
    rows.push(row);
  }
  return rows;
}

/** `Nothing was touched: since this question was shown, shop:pay has stopped.` */
export function changedSentence(differences: readonly Difference[]): string {
  const named = differences
    .slice(0, mostDifferences)
    .map(({ id, change }) => `${escaped(id)} ${changeWords[change]}`);
  const more =
    differences.length > mostDifferences ? [`${differences.length - mostDifferences} more changed`] : [];
  return `Nothing was touched: since this question was shown, ${[...named, ...more].join(', ')}.`;
}

const mostDifferences = 10;
