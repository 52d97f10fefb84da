import type { types } from '@slack/bolt';
import type { MessageContent } from './messages.ts';
import { cutMarkup, plain } from './outside-text.ts';

/** Slack takes at most 3000 characters in a section, and in a line of small print. */
const longestSection = 3000;

/** A paragraph of mrkdwn that we wrote; outside text in it has been escaped. */
export function section(mrkdwn: string): types.SectionBlock {
  const text = cutMarkup(mrkdwn, longestSection);
  return { type: 'section', text: { type: 'mrkdwn', text, verbatim: true } };
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
}): types.Button {
  const { action, label, value, style } = options;
  return {
    type: 'button',
    action_id: action,
    text: { type: 'plain_text', text: plain(label, 75) },
    value,
    ...(style === undefined ? {} : { style }),
  };
}

export function actions(buttons: readonly types.Button[]): types.ActionsBlock {
  return { type: 'actions', elements: [...buttons] };
}

/** One cell of a table; Slack refuses empty ones. */
export function cell(text: string): types.RawTextElement {
  return { type: 'raw_text', text: plain(text, 250) || '-' };
}

/** A cell that ends in a time of day in the reader's own zone. */
export function timeCell(text: string, at: Date): types.RichTextBlock {
  return {
    type: 'rich_text',
    elements: [
      {
        type: 'rich_text_section',
        elements: [
          { type: 'text', text: `${plain(text, 300)} ` },
          { type: 'date', timestamp: unixSeconds(at), format: '{time}', fallback: utcTime(at) },
        ],
      },
    ],
  };
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
