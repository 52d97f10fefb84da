import { emojiNamed } from './emoji.ts';
import { type Mark, parseMrkdwn, parsePlainText } from './mrkdwn.ts';
import { channelMention, groupMention, type Reader, userMention } from './reader.ts';
import { formatSlackDate } from './slack-date.ts';

/** A `mrkdwn` text as a person reads it. */
export function renderMrkdwn(text: string, reader: Reader): string {
  return renderMarks(parseMrkdwn(text), reader);
}

/** A `plain_text` text. */
export function renderPlainText(text: string): string {
  return parsePlainText(text)
    .map((mark) => (mark.kind === 'emoji' ? emojiNamed(mark.name) : mark.kind === 'text' ? mark.text : ''))
    .join('');
}

function renderMarks(marks: readonly Mark[], reader: Reader): string {
  return marks.map((mark) => renderMark(mark, reader)).join('');
}

function renderMark(mark: Mark, reader: Reader): string {
  const { ink, timeZone } = reader;
  switch (mark.kind) {
    case 'text':
      return mark.text;
    case 'bold':
      return ink.bold(renderMarks(mark.inside, reader));
    case 'italic':
      return ink.italic(renderMarks(mark.inside, reader));
    case 'strike':
      return ink.strike(renderMarks(mark.inside, reader));
    case 'code':
    case 'preformatted':
      return ink.code(renderMarks(mark.inside, reader));
    case 'emoji':
      return emojiNamed(mark.name);
    case 'user':
      return userMention(reader, mark.id);
    case 'channel':
      return channelMention(reader, mark.id);
    case 'group':
      return groupMention(reader, mark.id);
    case 'broadcast':
      return ink.mention(`@${mark.word}`);
    case 'date':
      return formatSlackDate(mark.seconds, mark.format, timeZone);
    case 'link': {
      const url = mark.url.replace(/^mailto:/, '');
      return mark.label && mark.label !== url ? `${ink.link(mark.label)} (${url})` : ink.link(url);
    }
  }
}
