import type { types } from '@slack/bolt';
import { type Html, html } from './html.ts';
import { plainTextHtml, textHtml } from './html-mrkdwn.ts';
import type { HtmlReader } from './html-reader.ts';

/** Anything that may stand in an actions block or beside a section. */
export type Control = types.ActionsBlockElement | types.SectionBlockAccessory;

export function controlHtml(element: Control, reader: HtmlReader): Html {
  if (element.type === 'button') return buttonHtml(element, reader);
  if (element.type === 'image') return imageHtml(element);
  return html`<span class="control-unserved" title="drawn, not served: the sandbox's people press buttons only">${labelOf(element)}</span>`;
}

/** A person presses it by its action id and value; its dialog, if it has one, waits in a template. */
export function buttonHtml(button: types.Button, reader: HtmlReader): Html {
  return html`<button type="button" class="button${button.style && ` button-${button.style}`}" data-action="${
    button.action_id ?? ''
  }"${button.value !== undefined && html` data-value="${button.value}"`}${
    button.accessibility_label && html` aria-label="${button.accessibility_label}"`
  }${button.confirm && html` aria-haspopup="dialog"`}>${plainTextHtml(button.text.text)}${
    button.confirm && confirmHtml(button.confirm, reader)
  }</button>${
    button.url &&
    /^https?:\/\//i.test(button.url) &&
    html`<a class="button-link" href="${button.url}" target="_blank" rel="noopener noreferrer">open</a>`
  }`;
}

/** With the words Slack shows where the app left them out. */
function confirmHtml(
  { title, text, confirm, deny, style }: types.ConfirmationDialog,
  reader: HtmlReader,
): Html {
  return html`<template><h2>${plainTextHtml(title?.text ?? 'Are you sure?')}</h2><p>${textHtml(
    text as types.TextObject,
    reader,
  )}</p><div class="dialog-buttons"><button class="button" value="deny">${plainTextHtml(
    deny?.text ?? 'No',
  )}</button><button class="button button-${style ?? 'primary'}" value="accept">${plainTextHtml(
    confirm?.text ?? 'Yes',
  )}</button></div></template>`;
}

/** The page loads nothing from outside, so of an image its description is shown. */
export function imageHtml({ alt_text: words }: { readonly alt_text: string }): Html {
  return html`<span class="image" role="img" aria-label="${words}">🖼 ${words}</span>`;
}

function labelOf(element: Control): Html {
  if ('placeholder' in element && element.placeholder) return plainTextHtml(element.placeholder.text);
  if ('options' in element && element.options)
    return html`${element.options.map((option, index) => html`${index > 0 && ' / '}${option.text.text}`)}`;
  return html`${element.type.replaceAll('_', ' ')}`;
}
