import { doAs } from './deeds.js';
import { byId } from './elements.js';
import { onChange } from './state.js';
import { toast } from './toast.js';

export function startDialogs() {
  onChange('modal', showModal);
  const modal = byId('modal');
  modal.addEventListener('cancel', (event) => {
    event.preventDefault();
    void closeModal();
  });
  modal.addEventListener('click', ({ target }) => {
    if (target.closest('[data-close-modal]')) void closeModal();
  });
  modal.addEventListener('submit', (event) => {
    event.preventDefault();
    void submitModal(event.target);
  });
}

/** Shows a button's dialog; resolves with `accept` or `deny`, which is also what leaving it means. */
export function askFirst(template) {
  const dialog = byId('confirm');
  const form = document.createElement('form');
  form.method = 'dialog';
  form.append(template.content.cloneNode(true));
  dialog.replaceChildren(form);
  dialog.returnValue = 'deny';
  dialog.showModal();
  form.querySelector('button[value=deny]').focus();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'accept' ? 'accept' : 'deny'), {
      once: true,
    });
  });
}

function showModal(html) {
  const modal = byId('modal');
  if (!html) {
    modal.close();
    return;
  }
  modal.innerHTML = html;
  if (!modal.open) modal.showModal();
}

async function closeModal() {
  await doAs('close-modal', {});
  showModal(null);
}

async function submitModal(form) {
  const outcome = await doAs('submit', { fields: Object.fromEntries(new FormData(form)) });
  if (outcome?.kind === 'closed') showModal(null);
  if (outcome?.kind === 'failed') toast(`The dialog failed with the error "${outcome.error}".`);
  for (const place of form.querySelectorAll('[data-error-of]'))
    place.textContent = outcome?.errors?.[place.dataset.errorOf] ?? '';
}
