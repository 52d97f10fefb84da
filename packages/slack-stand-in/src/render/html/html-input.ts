import type { types } from '@slack/bolt';
import { type Html, html } from './html.ts';
import { plainTextHtml } from './html-mrkdwn.ts';

const kinds: Readonly<Record<string, string>> = {
  plain_text_input: 'text',
  email_text_input: 'email',
  url_text_input: 'url',
  number_input: 'number',
};

/** A field of a modal, named by its block id; of fields that hold no text only the name is shown. */
export function inputHtml({ block_id: id = '', label, hint, optional, element }: types.InputBlock): Html {
  const words = html`<span class="input-label">${plainTextHtml(label.text)}${optional && html` <small>(optional)</small>`}</span>`;
  return html`<label>${words}${fieldHtml(id, element)}${
    hint && html`<small>${plainTextHtml(hint.text)}</small>`
  }<span class="input-error" data-error-of="${id}" role="alert"></span></label>`;
}

function fieldHtml(id: string, element: types.InputBlock['element']): Html {
  const kind = kinds[element.type];
  if (kind === undefined)
    return html`<span class="control-unserved">${element.type.replaceAll('_', ' ')}</span>`;
  const value =
    'initial_value' in element && typeof element.initial_value === 'string' ? element.initial_value : '';
  return element.type === 'plain_text_input' && element.multiline
    ? html`<textarea name="${id}" rows="4">${value}</textarea>`
    : html`<input name="${id}" type="${kind}" value="${value}" autocomplete="off">`;
}
