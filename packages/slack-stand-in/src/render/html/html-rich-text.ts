import type { types } from '@slack/bolt';
import { type Html, html } from './html.ts';
import { emojiHtml } from './html-mrkdwn.ts';
import {
  broadcastHtml,
  channelMentionHtml,
  dateHtml,
  groupMentionHtml,
  type HtmlReader,
  linkHtml,
  userMentionHtml,
} from './html-reader.ts';

/** Rich text is structure: what stands in its `text` elements is never parsed. */
export function richTextHtml({ elements }: types.RichTextBlock, reader: HtmlReader): Html {
  return html`${elements.map((element) => elementHtml(element, reader))}`;
}

function elementHtml(element: types.RichTextBlockElement, reader: HtmlReader): Html {
  switch (element.type) {
    case 'rich_text_section':
      return html`<div class="lines">${inlineHtml(element.elements, reader)}</div>`;
    case 'rich_text_quote':
      return html`<blockquote>${inlineHtml(element.elements, reader)}</blockquote>`;
    case 'rich_text_preformatted':
      return html`<pre tabindex="0">${inlineHtml(element.elements, reader)}</pre>`;
    case 'rich_text_list': {
      const items = element.elements.map(
        (item) => html`<li class="lines">${inlineHtml(item.elements, reader)}</li>`,
      );
      const depth = `depth-${element.indent ?? 0}`;
      return element.style === 'ordered'
        ? html`<ol class="${depth}">${items}</ol>`
        : html`<ul class="${depth}">${items}</ul>`;
    }
  }
}

function inlineHtml(elements: readonly types.RichTextElement[], reader: HtmlReader): Html[] {
  return elements.map((element) => styled(wordsHtml(element, reader), element));
}

function wordsHtml(element: types.RichTextElement, reader: HtmlReader): Html {
  switch (element.type) {
    case 'text':
      return html`${element.text}`;
    case 'link':
      return linkHtml(element.url, element.text);
    case 'user':
      return userMentionHtml(reader, element.user_id);
    case 'usergroup':
      return groupMentionHtml(reader, element.usergroup_id);
    case 'channel':
      return channelMentionHtml(reader, element.channel_id);
    case 'broadcast':
      return broadcastHtml(element.range);
    case 'emoji':
      return emojiHtml(element.name);
    case 'date':
      return dateHtml(element.timestamp, element.format, reader, element.url);
    case 'color':
      return html`<span class="swatch" data-colour="${element.value}"></span>${element.value}`;
    case 'team':
      return html`<span class="mention">${element.team_id}</span>`;
  }
}

function styled(words: Html, { style = {} }: types.RichTextElement): Html {
  let result = words;
  if (style.bold) result = html`<b>${result}</b>`;
  if (style.italic) result = html`<i>${result}</i>`;
  if (style.strike) result = html`<s>${result}</s>`;
  if (style.code) result = html`<code>${result}</code>`;
  return result;
}
