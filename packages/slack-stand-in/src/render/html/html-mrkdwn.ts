import type { types } from '@slack/bolt';
import { emojiNamed } from '../emoji.ts';
import { type Mark, parseMrkdwn, parsePlainText } from '../mrkdwn.ts';
import { type Html, html } from './html.ts';
import {
  broadcastHtml,
  channelMentionHtml,
  dateHtml,
  groupMentionHtml,
  type HtmlReader,
  linkHtml,
  userMentionHtml,
} from './html-reader.ts';

export function textHtml(text: types.TextObject, reader: HtmlReader): Html {
  if (text.type === 'plain_text') return plainTextHtml(text.text);
  return mrkdwnHtml(text.text, reader, { verbatim: text.verbatim ?? false });
}

/** A `plain_text` text: nothing is parsed but emoji. */
export function plainTextHtml(text: string): Html {
  return html`${parsePlainText(text).map((mark) =>
    mark.kind === 'emoji' ? emojiHtml(mark.name) : mark.kind === 'text' ? html`${mark.text}` : undefined,
  )}`;
}

export function emojiHtml(name: string): Html {
  return html`<span class="emoji" title=":${name}:">${emojiNamed(name)}</span>`;
}

/** `verbatim`: addresses that are not in angle brackets stay text. */
export function mrkdwnHtml(text: string, reader: HtmlReader, { verbatim = false } = {}): Html {
  return html`${paragraphs(text).map(({ quoted, lines }) => {
    const inside = parseMrkdwn(lines.join('\n')).map((mark) => markHtml(mark, reader, verbatim));
    return quoted ? html`<blockquote>${inside}</blockquote>` : html`<span class="lines">${inside}</span>`;
  })}`;
}

interface Paragraph {
  readonly quoted: boolean;
  readonly lines: string[];
}

const quote = /^(?:>|&gt;) ?/;

/** Lines that begin with `>` are a quotation, also where the `>` was escaped: Slack keeps it no other way. Fenced code is left whole. */
function paragraphs(text: string): Paragraph[] {
  const found: Paragraph[] = [];
  let fenced = false;
  for (const line of text.split('\n')) {
    const quoted = !fenced && quote.test(line);
    const words = quoted ? line.replace(quote, '') : line;
    const last = found.at(-1);
    if (last?.quoted === quoted) last.lines.push(words);
    else found.push({ quoted, lines: [words] });
    if (line.split('```').length % 2 === 0) fenced = !fenced;
  }
  return found;
}

function markHtml(mark: Mark, reader: HtmlReader, verbatim: boolean): Html {
  const inside = (marks: readonly Mark[], asItIs = verbatim) =>
    marks.map((each) => markHtml(each, reader, asItIs));
  switch (mark.kind) {
    case 'text':
      return verbatim ? html`${mark.text}` : withLinks(mark.text);
    case 'bold':
      return html`<b>${inside(mark.inside)}</b>`;
    case 'italic':
      return html`<i>${inside(mark.inside)}</i>`;
    case 'strike':
      return html`<s>${inside(mark.inside)}</s>`;
    case 'code':
      return html`<code>${inside(mark.inside, true)}</code>`;
    case 'preformatted':
      return html`<pre>${inside(mark.inside, true)}</pre>`;
    case 'emoji':
      return emojiHtml(mark.name);
    case 'user':
      return userMentionHtml(reader, mark.id);
    case 'channel':
      return channelMentionHtml(reader, mark.id);
    case 'group':
      return groupMentionHtml(reader, mark.id);
    case 'broadcast':
      return broadcastHtml(mark.word);
    case 'date':
      return dateHtml(mark.seconds, mark.format, reader, mark.url);
    case 'link':
      return linkHtml(mark.url, mark.label);
  }
}

function withLinks(text: string): Html {
  return html`${text
    .split(/(https?:\/\/[^\s<>]*[^\s<>.,;:!?)\]'"])/)
    .map((piece, index) => (index % 2 === 1 ? linkHtml(piece) : html`${piece}`))}`;
}
