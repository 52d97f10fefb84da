import { channelMention, groupMention, type Reader, userMention } from './reader.ts';
import { formatSlackDate } from './slack-date.ts';

/** Slack's markup: code first, since nothing inside it is styled; then references; then styles. */
const markup =
  /```\n?([\s\S]*?)```|`([^`\n]+)`|<([^<>\n]+)>|(?<![\w*])\*(?=\S)([^*\n]*\S)\*(?![\w*])|(?<![\w_])_(?=\S)([^_\n]*\S)_(?![\w_])|(?<![\w~])~(?=\S)([^~\n]*\S)~(?![\w~])|:([a-z0-9_+-]+):/g;

/** A `mrkdwn` text as a person reads it. Entities are decoded last: what an app escaped stays text. */
export function renderMrkdwn(text: string, reader: Reader): string {
  const { ink } = reader;
  let rendered = '';
  let end = 0;
  for (const match of text.matchAll(markup)) {
    const [whole, fenced, code, reference, bold, italic, strike, emoji] = match;
    rendered += decodeEntities(text.slice(end, match.index));
    end = match.index + whole.length;
    if (fenced !== undefined) rendered += ink.code(plainWithin(fenced.replace(/\n$/, ''), reader));
    else if (code !== undefined) rendered += ink.code(plainWithin(code, reader));
    else if (reference !== undefined) rendered += renderReference(reference, reader);
    else if (bold !== undefined) rendered += ink.bold(renderMrkdwn(bold, reader));
    else if (italic !== undefined) rendered += ink.italic(renderMrkdwn(italic, reader));
    else if (strike !== undefined) rendered += ink.strike(renderMrkdwn(strike, reader));
    else rendered += renderEmoji(emoji ?? '');
  }
  return rendered + decodeEntities(text.slice(end));
}

/** A `plain_text` text: nothing is parsed but emoji and entities. */
export function renderPlainText(text: string): string {
  return decodeEntities(text).replace(/:([a-z0-9_+-]+):/g, (_, name: string) => renderEmoji(name));
}

const emojis: Readonly<Record<string, string>> = {
  white_check_mark: '✅',
  heavy_check_mark: '✔',
  x: '❌',
  warning: '⚠️',
  rotating_light: '🚨',
  red_circle: '🔴',
  large_green_circle: '🟢',
  large_yellow_circle: '🟡',
  large_orange_circle: '🟠',
  large_blue_circle: '🔵',
  white_circle: '⚪',
  black_circle: '⚫',
  hourglass: '⌛',
  hourglass_flowing_sand: '⏳',
  skull: '💀',
  no_entry: '⛔',
  lock: '🔒',
  mute: '🔇',
  eyes: '👀',
};

export function renderEmoji(name: string): string {
  return emojis[name] ?? `:${name}:`;
}

function renderReference(reference: string, reader: Reader): string {
  const bar = reference.indexOf('|');
  const target = bar < 0 ? reference : reference.slice(0, bar);
  const label = bar < 0 ? undefined : decodeEntities(reference.slice(bar + 1));
  const { ink } = reader;
  if (target.startsWith('@')) return userMention(reader, target.slice(1));
  if (target.startsWith('#')) return channelMention(reader, target.slice(1));
  if (target.startsWith('!subteam^')) return groupMention(reader, target.slice('!subteam^'.length));
  if (target.startsWith('!date^')) return renderDate(target, label, reader);
  if (target.startsWith('!')) return ink.mention(`@${target.slice(1)}`);
  const url = decodeEntities(target.replace(/^mailto:/, ''));
  return label && label !== url ? `${ink.link(label)} (${url})` : ink.link(url);
}

function renderDate(target: string, fallback: string | undefined, { timeZone }: Reader): string {
  const [, seconds = '', format = ''] = target.split('^');
  return Number.isFinite(Number(seconds)) && seconds
    ? formatSlackDate(Number(seconds), format, timeZone)
    : (fallback ?? target);
}

/** Within code Slack styles nothing, but still resolves references. */
function plainWithin(code: string, reader: Reader): string {
  return decodeEntities(
    code.replace(/<([^<>\n]+)>/g, (_, reference: string) => renderReference(reference, reader)),
  );
}

function decodeEntities(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
