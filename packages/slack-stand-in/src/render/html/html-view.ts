import type { types } from '@slack/bolt';
import { type Html, html } from './html.ts';
import { blocksHtml } from './html-blocks.ts';
import { plainTextHtml } from './html-mrkdwn.ts';
import type { HtmlReader } from './html-reader.ts';

/** A modal's inside: the form that the person submits or closes. */
export function modalHtml(view: types.View, reader: HtmlReader): Html {
  const { title, submit, close, blocks } = view as types.ModalView;
  return html`<form method="dialog"><h2>${plainTextHtml(title.text)}</h2>${blocksHtml(
    blocks as readonly types.KnownBlock[],
    reader,
  )}<div class="dialog-buttons"><button type="button" class="button" data-close-modal>${plainTextHtml(
    close?.text ?? 'Close',
  )}</button>${submit && html`<button class="button button-primary">${plainTextHtml(submit.text)}</button>`}</div></form>`;
}
