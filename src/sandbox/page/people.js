import { byId, element } from './elements.js';
import { listenAs } from './feed.js';
import { onChange, showThread, state } from './state.js';

const rights = {
  operator: 'may look and change',
  viewer: 'may look, not change',
  stranger: 'from another workspace',
};

export function startPeople() {
  onChange('workspace', draw);
  onChange('connection', () => {
    const words = { true: 'Muster is connected', false: 'Muster is not connected' };
    byId('connection').textContent = words[state.connected] ?? 'The sandbox does not answer';
    byId('connection').dataset.connected = String(state.connected);
  });
  byId('people').addEventListener('change', ({ target }) => {
    showThread(undefined);
    listenAs(target.value);
  });
}

function draw() {
  if (byId('people').querySelector('input')) {
    byId('people').querySelector(`input[value="${state.you.name}"]`).checked = true;
    return;
  }
  byId('people').append(...state.people.map(choice));
}

function choice({ name, displayName, role }) {
  const input = element('input', {
    type: 'radio',
    name: 'you',
    value: name,
    checked: name === state.you.name,
  });
  const [first] = displayName.split(' ');
  const words = element(
    'span',
    {},
    element('b', {}, first),
    element('span', { className: 'role' }, role),
    element('small', {}, rights[role]),
  );
  return element('label', { title: `${displayName}: ${rights[role]}` }, input, words);
}
