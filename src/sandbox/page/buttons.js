import { doAs } from './deeds.js';
import { askFirst } from './dialogs.js';
import { showChannel, showThread } from './state.js';
import { toast } from './toast.js';

/** What can be pressed in a list of messages. */
export function startButtons(list) {
  list.addEventListener('click', ({ target }) => {
    const button = target.closest('button');
    if (!button) return;
    if (button.dataset.thread) showThread(button.dataset.thread);
    else if (button.dataset.channel) showChannel(button.dataset.channel);
    else if (button.dataset.action !== undefined) void press(button);
  });
}

async function press(button) {
  const { ts } = button.closest('[data-ts]').dataset;
  const { action, value } = button.dataset;
  const dialog = button.querySelector('template');
  const confirm = dialog ? await askFirst(dialog) : undefined;
  if (confirm === 'deny') return;
  button.setAttribute('aria-busy', 'true');
  const outcome = await doAs('press', { ts, action, value, confirm });
  button.removeAttribute('aria-busy');
  if (outcome?.kind === 'failed') toast(`The button failed with the error "${outcome.error}".`);
}
