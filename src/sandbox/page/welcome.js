import { fillComposer } from './composer.js';
import { perform } from './deeds.js';
import { byId } from './elements.js';
import { makeRoom } from './side.js';
import { channelNamed, onChange, showChannel, state } from './state.js';

/** The agents that the second suggestion gives another model. */
const edited = ['shop:cart', 'shop:pay'];
const anotherModel = 'stub-polite';

/** What a first-time visitor reads: what this is, what to try, what the one odd word means. */
export function startWelcome() {
  const welcome = byId('welcome');
  onChange('channel', () => {
    welcome.hidden = state.channel !== channelNamed('ops');
    byId('budget').textContent = `${state.words.budgetSeconds} s`;
  });
  onChange('host', () => {
    const done = edited.every((id) => state.agents.find((agent) => agent.id === id)?.inFile === anotherModel);
    const button = byId('edit-models');
    button.disabled = done;
    button.textContent = done ? 'shop.yaml is edited ✓' : 'Edit shop.yaml';
  });
  welcome.addEventListener('click', ({ target }) => {
    const button = target.closest('button');
    if (button?.dataset.fill) fillComposer(button.dataset.fill);
    if (button?.dataset.channelNamed) showChannel(channelNamed(button.dataset.channelNamed));
    if (button?.id === 'edit-models') void editModels();
  });
  byId('show-welcome').addEventListener('click', () => {
    makeRoom();
    showChannel(channelNamed('ops'));
    byId('messages').scrollTo({ top: 0, behavior: 'smooth' });
  });
}

async function editModels() {
  for (const agent of edited) await perform('model', { agent, model: anotherModel });
}
