/** A piece of `mrkdwn` as Slack reads it. What is not one of these is text. */
export type Mark =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'bold' | 'italic' | 'strike'; readonly inside: readonly Mark[] }
  /** Within code nothing is styled, but references are resolved all the same. */
  | { readonly kind: 'code' | 'preformatted'; readonly inside: readonly Mark[] }
  | { readonly kind: 'emoji'; readonly name: string }
  | { readonly kind: 'user' | 'channel' | 'group'; readonly id: string }
  | { readonly kind: 'broadcast'; readonly word: string }
  | { readonly kind: 'date'; readonly seconds: number; readonly format: string; readonly url?: string }
  | { readonly kind: 'link'; readonly url: string; readonly label?: string };

/** Slack's markup: code first, since nothing inside it is styled; then references; then styles. */
const markup =
  /```\n?([\s\S]*?)```|`([^`\n]+)`|<([^<>\n]+)>|(?<![\w*])\*(?=\S)([^*\n]*\S)\*(?![\w*])|(?<![\w_])_(?=\S)([^_\n]*\S)_(?![\w_])|(?<![\w~])~(?=\S)([^~\n]*\S)~(?![\w~])|:([a-z0-9_+-]+):/g;

/** Entities are decoded last: what an app escaped stays text. */
export function parseMrkdwn(text: string): Mark[] {
  return parse(text, markup, ([, fenced, code, reference, bold, italic, strike, emoji]) => {
    if (fenced !== undefined) return { kind: 'preformatted', inside: parseCode(fenced.replace(/\n$/, '')) };
    if (code !== undefined) return { kind: 'code', inside: parseCode(code) };
    if (reference !== undefined) return parseReference(reference);
    if (bold !== undefined) return { kind: 'bold', inside: parseMrkdwn(bold) };
    if (italic !== undefined) return { kind: 'italic', inside: parseMrkdwn(italic) };
    if (strike !== undefined) return { kind: 'strike', inside: parseMrkdwn(strike) };
    return { kind: 'emoji', name: emoji ?? '' };
  });
}

/** A `plain_text` text: nothing is parsed but emoji and entities. */
export function parsePlainText(text: string): Mark[] {
  return parse(text, /:([a-z0-9_+-]+):/g, ([, name = '']) => ({ kind: 'emoji', name }));
}

function parseCode(text: string): Mark[] {
  return parse(text, /<([^<>\n]+)>/g, ([, reference = '']) => parseReference(reference));
}

function parse(text: string, pattern: RegExp, read: (match: RegExpMatchArray) => Mark): Mark[] {
  const marks: Mark[] = [];
  let end = 0;
  const plain = (piece: string) => {
    if (piece) marks.push({ kind: 'text', text: decodeEntities(piece) });
  };
  for (const match of text.matchAll(pattern)) {
    plain(text.slice(end, match.index));
    marks.push(read(match));
    end = match.index + match[0].length;
  }
  plain(text.slice(end));
  return marks;
}

function parseReference(reference: string): Mark {
  const bar = reference.indexOf('|');
  const target = bar < 0 ? reference : reference.slice(0, bar);
  const label = bar < 0 ? undefined : decodeEntities(reference.slice(bar + 1));
  if (target.startsWith('@')) return { kind: 'user', id: target.slice(1) };
  if (target.startsWith('#')) return { kind: 'channel', id: target.slice(1) };
  if (target.startsWith('!subteam^')) return { kind: 'group', id: target.slice('!subteam^'.length) };
  if (target.startsWith('!date^')) return parseDate(target, label);
  if (target.startsWith('!')) return { kind: 'broadcast', word: target.slice(1) };
  const url = decodeEntities(target);
  return { kind: 'link', url, ...(label && label !== url ? { label } : {}) };
}

function parseDate(target: string, fallback: string | undefined): Mark {
  const [, seconds = '', format = '', url] = target.split('^');
  return Number.isFinite(Number(seconds)) && seconds
    ? { kind: 'date', seconds: Number(seconds), format, ...(url ? { url: decodeEntities(url) } : {}) }
    : { kind: 'text', text: fallback ?? target };
}

function decodeEntities(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
