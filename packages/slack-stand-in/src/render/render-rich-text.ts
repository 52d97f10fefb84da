import type { types } from '@slack/bolt';
import { emojiNamed } from './emoji.ts';
import { channelMention, groupMention, type Reader, userMention } from './reader.ts';
import { formatSlackDate } from './slack-date.ts';
import { indent, wrap } from './text-layout.ts';

/** Rich text is structure: what stands in its `text` elements is never parsed. */
export function renderRichText(block: types.RichTextBlock, reader: Reader, columns: number): string[] {
  return block.elements.flatMap((element) => renderElement(element, reader, columns));
}

function renderElement(element: types.RichTextBlockElement, reader: Reader, columns: number): string[] {
  switch (element.type) {
    case 'rich_text_section':
      return wrap(renderInline(element.elements, reader), columns);
    case 'rich_text_quote':
      return indent(wrap(renderInline(element.elements, reader), columns - 2), '│ ');
    case 'rich_text_preformatted':
      return indent(wrap(renderInline(element.elements, reader), columns - 2).map(reader.ink.code));
    case 'rich_text_list':
      return element.elements.flatMap((item, index) => renderItem(item, element, index, reader, columns));
  }
}

function renderInline(elements: readonly types.RichTextElement[], reader: Reader): string {
  return elements.map((element) => styled(wordsOf(element, reader), element, reader)).join('');
}

function renderItem(
  item: types.RichTextSection,
  { style, indent: depth = 0 }: types.RichTextList,
  index: number,
  reader: Reader,
  columns: number,
): string[] {
  const mark = style === 'ordered' ? `${index + 1}. ` : '• ';
  const margin = '  '.repeat(depth);
  const [first = '', ...rest] = wrap(
    renderInline(item.elements, reader),
    columns - margin.length - mark.length,
  );
  return [margin + mark + first, ...indent(rest, margin + ' '.repeat(mark.length))];
}

function wordsOf(element: types.RichTextElement, reader: Reader): string {
  const { ink } = reader;
  switch (element.type) {
    case 'text':
      return element.text;
    case 'link':
      return element.text ? `${ink.link(element.text)} (${element.url})` : ink.link(element.url);
    case 'user':
      return userMention(reader, element.user_id);
    case 'usergroup':
      return groupMention(reader, element.usergroup_id);
    case 'channel':
      return channelMention(reader, element.channel_id);
    case 'broadcast':
      return ink.mention(`@${element.range}`);
    case 'emoji':
      return emojiNamed(element.name);
    case 'date':
      return formatSlackDate(element.timestamp, element.format, reader.timeZone);
    case 'color':
      return element.value;
    case 'team':
      return element.team_id;
  }
}

function styled(words: string, { style = {} }: types.RichTextElement, { ink }: Reader): string {
  const tints = [
    style.bold && ink.bold,
    style.italic && ink.italic,
    style.strike && ink.strike,
    style.code && ink.code,
  ];
  return tints.reduce<string>((text, tint) => (tint ? tint(text) : text), words);
}
