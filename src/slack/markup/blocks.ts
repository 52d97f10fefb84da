import type { types } from '@slack/bolt';
import { plain } from '../../language/plain-text.ts';
import { cutMarkup } from './mrkdwn.ts';

/** Slack takes at most 3000 characters in a section, and in a line of small print. */
const longestSection = 3000;

/** A paragraph of mrkdwn that we wrote; outside text in it has been escaped. Without `expand` Slack may fold it behind "See more". */
export function section(mrkdwn: string): types.SectionBlock {
  const text = cutMarkup(mrkdwn, longestSection);
  return { type: 'section', text: { type: 'mrkdwn', text, verbatim: true }, expand: true };
}

/** A message that is one paragraph. */
export function sentenceCard(mrkdwn: string): MessageContent {
  return { text: mrkdwn, blocks: [section(mrkdwn)] };
}

/** A line of small print. */
export function smallPrint(mrkdwn: string): types.ContextBlock {
  return {
    type: 'context',
    elements: [{ type: 'mrkdwn', text: cutMarkup(mrkdwn, longestSection), verbatim: true }],
  };
}

/** Outside text that Slack shows as it is, one line after the other. */
export function preformatted(lines: readonly string[]): types.RichTextBlock {
  const text = plain(lines.join('\n')) || ' ';
  return {
    type: 'rich_text',
    elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text }] }],
  };
}

export function button(options: {
  readonly action: string;
  readonly label: string;
  readonly value: string;
  readonly style?: 'primary' | 'danger';
  /** Asked by the reader's own Slack before it sends the click on. */
  readonly confirm?: types.ConfirmationDialog;
}): types.Button {
  const { action, label, value, style, confirm } = options;
  return {
    type: 'button',
    action_id: action,
    text: { type: 'plain_text', text: plain(label, 75) },
    value,
    ...(style === undefined ? {} : { style }),
    ...(confirm === undefined ? {} : { confirm }),
  };
}

/** Slack takes an action id once in a row of buttons; its number is left out of account when one is pressed. */
export function numbered(action: string, index: number): string {
  return `${action}.${index}`;
}

/** What `numbered` has made of an action id, and the id itself. */
export function anyNumbered(action: string): RegExp {
  return new RegExp(`^${action}(?:\\.\\d+)?$`);
}

export function actions(buttons: readonly types.Button[]): types.ActionsBlock {
  return { type: 'actions', elements: [...buttons] };
}

/** One cell of a table; Slack refuses empty ones. */
export function cell(text: string): types.RawTextElement {
  return { type: 'raw_text', text: plain(text, 250) || '-' };
}

/** A piece of a line: outside text as it is, or something that Slack spells for each reader. */
export type Part = string | types.RichTextDate | types.RichTextUserMention;

/** A cell of several pieces; Slack refuses empty ones. */
export function mixedCell(parts: readonly Part[]): types.RawTextElement | types.RichTextBlock {
  if (parts.every((part) => typeof part === 'string')) return cell(parts.join(''));
  const elements = parts.map((part) =>
    typeof part === 'string' ? ({ type: 'text', text: plainInside(part) } as const) : part,
  );
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] };
}

/** With the blanks at its ends, which part it from its neighbours. */
function plainInside(text: string): string {
  const [before = '', after = ''] = [/^\s+/.exec(text)?.[0], /\S(\s+)$/.exec(text)?.[1]];
  return `${before}${plain(text, 300)}${after}` || ' ';
}

/** From this age on a time of day alone does not say when. */
const oneDayMs = 22 * 3_600_000;

/** A moment in the reader's own zone: the time of day, and the day if that was not just now. */
export function moment(at: Date, now: Date): types.RichTextDate {
  const isRecent = Math.abs(now.getTime() - at.getTime()) < oneDayMs;
  return {
    type: 'date',
    timestamp: unixSeconds(at),
    format: isRecent ? '{time}' : '{date_short_pretty} {time}',
    fallback: isRecent ? utcTime(at) : `${at.toISOString().slice(0, 10)} ${utcTime(at)}`,
  };
}

/** The same for mrkdwn. */
export function momentText(at: Date, now: Date): string {
  const { timestamp, format, fallback } = moment(at, now);
  return `<!date^${timestamp}^${format}|${fallback}>`;
}

/** A time of day in the reader's own zone, for mrkdwn. */
export function timeOfDay(at: Date): string {
  return `<!date^${unixSeconds(at)}^{time_secs}|${utcTime(at)}>`;
}

function unixSeconds(at: Date): number {
  return Math.floor(at.getTime() / 1000);
}

function utcTime(at: Date): string {
  return `${at.toISOString().slice(11, 19)} UTC`;
}

export interface MessageContent {
  /** The verdict in one line: notifications and screen readers see nothing else. Already escaped. */
  readonly text: string;
  readonly blocks: readonly types.KnownBlock[];
}
