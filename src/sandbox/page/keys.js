import { byId } from './elements.js';
import { showChannel, showThread, state } from './state.js';

/** `/` to the composer, Escape closes the thread, Alt and an arrow walk through the channels. */
export function startKeys() {
  document.addEventListener('keydown', (event) => {
    if (document.querySelector('dialog[open]')) return;
    const typing = event.target.matches('textarea, input:not([type=radio]), select');
    // The box has the focus before the character falls into it.
    if (event.key === '/' && !typing) byId('composer-text').focus();
    else if (event.key === 'Escape' && state.thread !== undefined) {
      showThread(undefined);
      byId('composer-text').focus();
    } else if (event.altKey && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      event.preventDefault();
      walk(event.key === 'ArrowDown' ? 1 : -1);
    }
  });
}

function walk(step) {
  const ids = state.channels.map(({ id }) => id);
  showChannel(ids[(ids.indexOf(state.channel) + step + ids.length) % ids.length]);
}
