import { element } from './elements.js';
import { repliesTo, state } from './state.js';

/** A message in a list. Its inside comes from the server, where everything from outside was escaped. */
export function listItem(message, { inThread = false } = {}) {
  const item = element('li', { className: 'message', data: { ts: message.ts } });
  item.innerHTML = message.html;
  for (const coloured of item.querySelectorAll('[data-colour]')) colour(coloured);
  if (!inThread && !message.thread) item.append(...replyButton(message.ts));
  return item;
}

/** Puts the focus back on the same button of what takes the place of `before`. */
export function keepFocus(before, replace) {
  const focused = before.contains(document.activeElement) ? document.activeElement : undefined;
  const { ts } = before.dataset;
  const list = before.parentElement;
  replace();
  if (!focused) return;
  const { action, value, thread } = focused.dataset;
  const same = [...list.querySelectorAll(`[data-ts="${ts}"] button`)].find(
    ({ dataset }) => dataset.action === action && dataset.value === value && dataset.thread === thread,
  );
  (same ?? list.closest('[tabindex]'))?.focus({ preventScroll: true });
}

function replyButton(ts) {
  const replies = repliesTo(ts);
  const words =
    replies.length === 0
      ? 'Reply in thread'
      : `${replies.length} ${replies.length === 1 ? 'reply' : 'replies'}`;
  const button = element('button', { type: 'button', className: 'replies', data: { thread: ts } }, words);
  if (replies.length === 0) button.classList.add('replies-none');
  if (ts === state.thread) button.setAttribute('aria-expanded', 'true');
  return [button];
}

const named = { good: '#2eb67d', warning: '#ecb22e', danger: '#e01e5a' };

function colour(coloured) {
  const given = coloured.dataset.colour;
  const value = named[given] ?? (/^#?[0-9a-f]{6}$/i.test(given) ? `#${given.replace('#', '')}` : undefined);
  if (value) coloured.style.setProperty('--colour', value);
}
