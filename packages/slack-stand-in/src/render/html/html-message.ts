import type { types } from '@slack/bolt';
import type { Message } from '../../server/message-store.ts';
import { type Html, html } from './html.ts';
import { blocksHtml, messageTextHtml } from './html-blocks.ts';
import { emojiHtml, mrkdwnHtml } from './html-mrkdwn.ts';
import { dateHtml, type HtmlReader } from './html-reader.ts';

/** A message as one person sees it: who, when, and what Slack shows of it. */
export function messageHtml(message: Message, reader: HtmlReader): Html {
  const author = reader.workspace.findUser(message.author);
  const name = author?.displayName ?? message.author;
  const isApp = author?.kind === 'bot';
  return html`${
    message.onlyVisibleTo !== undefined && html`<div class="only-you">Only visible to you</div>`
  }${message.threadTs !== undefined && message.broadcast && html`<div class="only-you">also sent to the channel</div>`}<div class="avatar avatar-${
    author?.name ?? 'nobody'
  }" aria-hidden="true">${name.slice(0, 1)}</div><div class="message-head"><b>${name}</b>${
    isApp && html`<span class="badge">APP</span>`
  }${dateHtml(Number.parseInt(message.ts, 10), '{time}', reader)}${
    message.edits > 0 && html`<span class="edited">(edited)</span>`
  }</div><div class="message-body">${contentHtml(message, reader)}${reactionsHtml(message, reader)}</div>`;
}

/** With blocks, Slack shows those and keeps the text for notifications. */
function contentHtml({ text, blocks, attachments }: Message, reader: HtmlReader): Html {
  const body = blocks.length > 0 ? blocksHtml(blocks, reader) : text !== '' && messageTextHtml(text, reader);
  return html`${body}${attachments.map((attachment) => attachmentHtml(attachment, reader))}`;
}

function attachmentHtml(attachment: types.MessageAttachment, reader: HtmlReader): Html {
  const { blocks = [], pretext, title, text, fallback, color = '' } = attachment;
  const words = [pretext, title, text].filter((part) => part !== undefined);
  const parts = blocks.length > 0 || words.length > 0 ? words : [fallback ?? ''];
  return html`<div class="attachment" data-colour="${color}">${parts.map(
    (part) => html`<div>${mrkdwnHtml(part, reader)}</div>`,
  )}${blocksHtml(blocks as readonly types.KnownBlock[], reader)}</div>`;
}

function reactionsHtml({ reactions }: Message, { workspace }: HtmlReader): Html | undefined {
  if (reactions.length === 0) return undefined;
  const groups = [...Map.groupBy(reactions, ({ name }) => name)];
  return html`<div class="reactions">${groups.map(
    ([name, given]) =>
      html`<span class="reaction" title="${given.map(({ by }) => workspace.findUser(by)?.name ?? by).join(', ')}">${emojiHtml(name)} ${given.length}</span>`,
  )}</div>`;
}
