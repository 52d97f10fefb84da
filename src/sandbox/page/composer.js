import { completionsFor } from './complete.js';
import { doAs } from './deeds.js';
import { byId, element } from './elements.js';
import { onChange, state } from './state.js';
import { startTextBox } from './text-box.js';

const box = byId('composer-text');
const list = byId('completions');
/** Sent before, newest first; `at` walks through them. */
const sent = [];
let at = -1;
let options = [];
let chosen = -1;
let textBox;

export function startComposer() {
  // Before the box hears of it: an Enter that completes does not send.
  box.addEventListener('keydown', onKey);
  textBox = startTextBox(byId('composer'), box, send);
  box.addEventListener('input', suggest);
  box.addEventListener('blur', () => hide());
  box.addEventListener('focus', suggest);
  // The box keeps the focus, and with it its list.
  list.addEventListener('pointerdown', (event) => {
    event.preventDefault();
    const item = event.target.closest('[role=option]');
    if (item) accept(Number(item.dataset.index));
  });
  onChange('channel', () => {
    const { name, kind } = state.channels.find(({ id }) => id === state.channel);
    box.placeholder = `Message ${kind === 'direct' ? name : `#${name}`}, or type / for commands`;
  });
}

/** Puts a command into the box for the person to send, or to change. */
export function fillComposer(text) {
  textBox.fill(text);
  box.focus();
}

async function send(text) {
  sent.unshift(text);
  at = -1;
  hide();
  const deed = text.startsWith('/') ? 'slash' : 'say';
  return (await doAs(deed, { channel: state.channel, text })) !== undefined;
}

function suggest() {
  const found = completionsFor(box.value, state.words);
  options = found.options;
  // Enter completes a word that is begun, and sends a whole one.
  chosen = /\S$/.test(box.value) && !found.isWhole ? 0 : -1;
  const shown = document.activeElement === box && options.length > 0;
  list.hidden = !shown;
  box.setAttribute('aria-expanded', String(shown));
  list.replaceChildren(...options.map(optionItem));
  showHint(document.activeElement === box ? found.hint : undefined);
  mark();
}

function showHint(hint) {
  const shown = byId('hint');
  shown.hidden = !hint;
  if (hint) shown.replaceChildren(element('code', {}, hint.usage), ` ${hint.summary}`);
}

function optionItem({ label, about }, index) {
  const item = element('div', { id: `completion-${index}`, data: { index } }, element('code', {}, label));
  if (about) item.append(element('span', {}, about));
  item.setAttribute('role', 'option');
  return item;
}

function mark() {
  for (const [index, item] of [...list.children].entries()) {
    item.setAttribute('aria-selected', String(index === chosen));
    if (index === chosen) item.scrollIntoView({ block: 'nearest' });
  }
  if (chosen < 0) box.removeAttribute('aria-activedescendant');
  else box.setAttribute('aria-activedescendant', `completion-${chosen}`);
}

function accept(index) {
  textBox.fill(options[index].insert);
}

function hide() {
  list.hidden = true;
  byId('hint').hidden = true;
  box.setAttribute('aria-expanded', 'false');
}

function onKey(event) {
  const open = !list.hidden;
  const down = event.key === 'ArrowDown';
  if ((down || event.key === 'ArrowUp') && open && at < 0) {
    event.preventDefault();
    const first = chosen < 0 ? (down ? 0 : options.length - 1) : chosen + (down ? 1 : -1);
    chosen = (first + options.length) % options.length;
    mark();
  } else if ((down && at >= 0) || (event.key === 'ArrowUp' && (box.value === '' || at >= 0))) {
    event.preventDefault();
    recall(at + (down ? -1 : 1));
  } else if (event.key === 'Tab' && !event.shiftKey && open) {
    event.preventDefault();
    accept(Math.max(chosen, 0));
  } else if (event.key === 'Enter' && !event.shiftKey && open && chosen >= 0) {
    event.preventDefault();
    accept(chosen);
  } else if (event.key === 'Escape' && open) {
    event.stopPropagation();
    hide();
  } else if (event.key.length === 1 || event.key === 'Backspace') at = -1;
}

function recall(index) {
  if (index >= sent.length) return;
  at = index;
  textBox.fill(sent[index] ?? '');
  hide();
}
