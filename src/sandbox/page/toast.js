import { byId } from './elements.js';

const shownMs = 6000;

/** Words that pass: what was refused, and why. */
export function toast(words) {
  const shown = document.createElement('p');
  shown.textContent = words;
  byId('toasts').append(shown);
  setTimeout(() => shown.remove(), shownMs);
}
