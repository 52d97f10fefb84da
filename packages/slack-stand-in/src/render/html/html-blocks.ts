import type { types } from '@slack/bolt';
import { type Html, html } from './html.ts';
import { buttonHtml, controlHtml, imageHtml } from './html-elements.ts';
import { inputHtml } from './html-input.ts';
import { mrkdwnHtml, plainTextHtml, textHtml } from './html-mrkdwn.ts';
import { planHtml, taskHtml } from './html-plan.ts';
import type { HtmlReader } from './html-reader.ts';
import { richTextHtml } from './html-rich-text.ts';
import { tableHtml } from './html-table.ts';

export function blocksHtml(blocks: readonly types.KnownBlock[], reader: HtmlReader): Html {
  return html`${blocks.map(
    (block) =>
      html`<div class="block block-${block.type}" data-block="${block.block_id ?? ''}">${blockHtml(block, reader)}</div>`,
  )}`;
}

function blockHtml(block: types.KnownBlock, reader: HtmlReader): Html {
  switch (block.type) {
    case 'section':
      return html`<div class="section-words">${block.text && textHtml(block.text, reader)}${
        block.fields &&
        html`<div class="fields">${block.fields.map((field) => html`<div>${textHtml(field, reader)}</div>`)}</div>`
      }</div>${block.accessory && html`<div class="accessory">${controlHtml(block.accessory, reader)}</div>`}`;
    case 'header':
      return html`<h3>${plainTextHtml(block.text.text)}</h3>`;
    case 'context':
      return html`${block.elements.map((element) =>
        element.type === 'image' ? imageHtml(element) : html`<span>${textHtml(element, reader)}</span>`,
      )}`;
    case 'actions':
      return html`${block.elements.map((element) => controlHtml(element, reader))}`;
    case 'divider':
      return html`<hr>`;
    case 'rich_text':
      return richTextHtml(block, reader);
    case 'table':
      return tableHtml(block.rows, block.column_settings ?? [], reader);
    case 'data_table':
      return tableHtml(block.rows, [], reader, block.caption);
    case 'plan':
      return planHtml(block, reader);
    case 'task_card':
      return taskHtml(block, reader);
    case 'alert':
      return html`<div class="alert alert-${block.level ?? 'default'}" role="note">${textHtml(block.text, reader)}</div>`;
    case 'markdown':
      return html`<div class="lines">${block.text}</div>`;
    case 'image':
      return html`${block.title && html`<div>${plainTextHtml(block.title.text)}</div>`}${imageHtml(block)}`;
    case 'input':
      return inputHtml(block);
    case 'card':
      return cardHtml(block, reader);
    case 'carousel':
      return html`${block.elements.map((card) => cardHtml(card, reader))}`;
    case 'container':
      return containerHtml(block, reader);
    case 'video':
      return imageHtml(block);
    case 'context_actions':
    case 'file':
      return html`<span class="control-unserved">${block.type.replaceAll('_', ' ')}</span>`;
  }
}

/** Slack's reference has a `subtext`, the types have not. */
type Card = types.CardBlock & { readonly subtext?: types.MrkdwnElement };

function cardHtml(card: Card, reader: HtmlReader): Html {
  const { title, subtitle, body, subtext, actions = [] } = card;
  const paragraphs = [subtitle, body, subtext].map(
    (text) => text && html`<div>${textHtml(text, reader)}</div>`,
  );
  const buttons = actions.map((action) => buttonHtml(action as types.Button, reader));
  return html`<div class="card">${title && html`<b>${textHtml(title, reader)}</b>`}${paragraphs}${buttons}</div>`;
}

function containerHtml(block: types.ContainerBlock, reader: HtmlReader): Html {
  const title = block.rich_text_title ? richTextHtml(block.rich_text_title, reader) : undefined;
  const words = title ?? plainTextHtml(block.title?.text ?? '');
  const inside = blocksHtml(block.child_blocks as readonly types.KnownBlock[], reader);
  if (!block.is_collapsible) return html`<div class="card"><b>${words}</b>${inside}</div>`;
  return html`<details class="card"${!block.default_collapsed && html` open`}><summary>${words}</summary>${inside}</details>`;
}

/** A message's text as Slack shows it when there are no blocks. */
export function messageTextHtml(text: string, reader: HtmlReader): Html {
  return html`<div class="block block-section"><div class="section-words">${mrkdwnHtml(text, reader)}</div></div>`;
}
