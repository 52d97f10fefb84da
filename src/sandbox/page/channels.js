import { byId, element } from './elements.js';
import { onChange, showChannel, state } from './state.js';

const topics = {
  ops: 'Where one talks to Muster',
  alerts: 'What Muster says when nobody is looking',
  direct: 'Between you and Muster alone',
};

export function startChannels() {
  onChange('workspace', draw);
  onChange('unread', draw);
  onChange('channel', () => {
    const { name, kind } = current();
    byId('channel-name').textContent = kind === 'direct' ? name : `#${name}`;
    byId('channel-topic').textContent = topics[kind === 'direct' ? 'direct' : name] ?? '';
    draw();
  });
  byId('channels').addEventListener('click', ({ target }) => {
    const button = target.closest('button');
    if (button) showChannel(button.dataset.channel);
  });
}

function current() {
  return state.channels.find(({ id }) => id === state.channel);
}

function draw() {
  const focused = document.activeElement?.dataset?.channel;
  const unread = [...state.unread.values()].reduce((sum, count) => sum + count, 0);
  document.title = `${unread > 0 ? `(${unread}) ` : ''}Muster sandbox`;
  byId('channels').replaceChildren(...state.channels.map(item));
  byId('channels').querySelector(`[data-channel="${focused}"]`)?.focus();
}

function item({ id, name, kind }) {
  const count = state.unread.get(id) ?? 0;
  const button = element(
    'button',
    { type: 'button', className: count > 0 ? 'unread' : '', data: { channel: id } },
    kind === 'direct' ? `@ ${name}` : `# ${name}`,
  );
  if (id === state.channel) button.setAttribute('aria-current', 'page');
  if (count > 0)
    button.append(element('span', { className: 'count', ariaLabel: `${count} new` }, String(count)));
  return element('li', {}, button);
}
