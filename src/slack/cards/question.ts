import type { types } from '@slack/bolt';
import { activeSteps, type Step } from '../../operations/plan.ts';
import {
  type AskReason,
  type ConfirmRule,
  type Difference,
  type Question,
  questionLastsMs,
} from '../../operations/question.ts';
import type { Observation } from '../../supervisor/supervisor.ts';
import type { AgentId } from '../../team/team.ts';
import { actions, button, cell, section, smallPrint } from '../blocks.ts';
import { count, duration } from '../duration.ts';
import type { MessageContent } from '../messages.ts';
import { escaped } from '../outside-text.ts';
import { boldSelection, mention, reasonsOf, spoken } from './plan-words.ts';

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

/** What saying yes would do, as a sentence. */
export function consequence(reason: AskReason, active: readonly Step[]): string {
  const agents = count(active.length, 'agent');
  switch (reason) {
    case 'hard-down':
      return `No drain: ${agents} ${active.length === 1 ? 'is' : 'are'} killed at once, and what they are working on is lost.`;
    case 'zero-budget':
      return `The budget is 0 s: ${agents} ${active.length === 1 ? 'is' : 'are'} asked once, not waited for, and killed.`;
    case 'force':
      return `--force replaces ${agents}, also those that did not change.`;
    case 'several-projects':
      return `It touches ${count(active.length, 'agent')} in ${count(projects(active), 'project')}.`;
  }
}

function acceptLabel({ request, plan, reason }: Question): string {
  const active = activeSteps(plan);
  const agents = count(active.length, 'agent');
  if (reason === 'hard-down' || reason === 'zero-budget') return `Kill ${agents}`;
  return `${spoken[request.verb].noun} ${agents}`;
}

function projects(active: readonly Step[]): number {
  return new Set(active.map(({ id }) => id.slice(0, id.indexOf(':')))).size;
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

/** How an agent is now; untrusted text may be in it. */
export function seenWords(seen: Observation | undefined): string {
  if (seen === undefined) return 'unknown';
  if (seen.state === 'running') return `running, up ${duration(Date.now() - seen.since.getTime())}`;
  if (seen.state === 'unknown') return `unknown: ${seen.reason}`;
  return seen.restarting ? 'restarting' : 'stopped';
}

/** What would be done to it. */
export function fate({ action, budgetMs, why }: Step): string {
  const reason = why.length === 0 ? '' : ` (${reasonsOf(why)})`;
  const drained =
    budgetMs === 0 ? 'asked once, not waited for, killed' : `drained, ${duration(budgetMs)} at most`;
  switch (action) {
    case 'down':
      return `killed at once; a drain would wait ${duration(budgetMs)} at most`;
    case 'up':
      return `started${reason}`;
    case 'remove':
    case 'drain':
      return `${drained}${reason}`;
    default:
      return `${drained}, and started again${reason}`;
  }
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

/** What has happened to an agent since a question was shown. */
export const changeWords: { readonly [Change in Difference['change']]: string } = {
  started: 'has started',
  stopped: 'has stopped',
  'begun anew': 'has stopped and started again',
  restarting: 'has ended and is restarting',
  unknown: 'cannot be asked any more',
  added: 'has come into the team',
  gone: 'has gone from the team',
  handled: 'would be handled otherwise, by what the files say now',
};
