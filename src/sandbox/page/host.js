import { perform } from './deeds.js';
import { byId, element } from './elements.js';
import { hostIsShown, showSide, wantHost } from './side.js';
import { onChange, state } from './state.js';

/** The demo team's processes, and ways to trouble them. */
export function startHost() {
  onChange('host', draw);
  onChange('workspace', () => {
    byId('root').textContent = state.words.root;
  });
  byId('show-host').addEventListener('click', () => wantHost(!hostIsShown()));
  byId('close-host').addEventListener('click', () => {
    wantHost(false);
    byId('show-host').focus();
  });
  byId('agents').addEventListener('click', ({ target }) => {
    const button = target.closest('button[data-how]');
    if (button) void perform('misbehave', { agent: agentOf(button), how: button.dataset.how });
  });
  byId('agents').addEventListener('change', ({ target }) => {
    void perform('model', { agent: agentOf(target), model: target.value });
  });
  showSide('host');
}

function agentOf(inside) {
  return inside.closest('[data-agent]').dataset.agent;
}

/** Redraws only whom something happened to: a list that a person has open stays open. */
function draw() {
  const list = byId('agents');
  const drawn = new Map([...list.children].map((item) => [item.dataset.agent, item]));
  list.replaceChildren(
    ...state.agents.map((agent) => {
      const shown = JSON.stringify(agent);
      const before = drawn.get(agent.id);
      if (before?.dataset.shown === shown) return before;
      const item = agentItem(agent);
      item.dataset.shown = shown;
      return item;
    }),
  );
}

const moods = { ignore: 'ignores signals', crash: 'crashes every 2 s' };

function agentItem({ id, state: word, pid, stat, runs, inFile, mood }) {
  const process = pid === undefined ? 'no process' : `pid ${pid}${stat ? ` ${stat}` : ''}`;
  const item = element(
    'li',
    { className: `agent agent-${word}`, data: { agent: id } },
    element(
      'div',
      { className: 'agent-head' },
      element('span', { className: 'agent-dot', ariaHidden: 'true' }),
      element('b', {}, id),
      element('span', { className: 'agent-state' }, word),
      element('code', { title: 'by the process table' }, process),
    ),
    modelRow(id, runs, inFile),
    deedRow(id, mood),
  );
  return item;
}

function modelRow(id, runs, inFile) {
  const choices = [...new Set([...state.models, ...(inFile ? [inFile] : [])])];
  const select = element(
    'select',
    { ariaLabel: `Model of ${id} in the YAML` },
    ...choices.map((model) =>
      element('option', { value: model, selected: model === inFile }, model.replace(/^stub-/, '')),
    ),
  );
  const row = element(
    'label',
    { className: 'agent-model' },
    element('span', {}, 'model in the YAML'),
    select,
  );
  if (runs && inFile && runs !== inFile)
    row.append(
      element('span', { className: 'agent-edited' }, `runs ${runs.replace(/^stub-/, '')} until a reload`),
    );
  return row;
}

function deedRow(id, mood) {
  const deed = (how, words, title) =>
    element('button', { type: 'button', className: 'deed', title, data: { how } }, words);
  const row = element(
    'div',
    { className: 'agent-deeds' },
    deed('kill', 'kill -9', `End the process of ${id} at once`),
  );
  if (mood) {
    row.append(
      element('span', { className: 'agent-mood' }, moods[mood]),
      deed('behave', 'Behave again', `Take it back`),
    );
    return row;
  }
  row.append(
    deed('ignore', 'Ignore signals', `${id} will not stop when asked`),
    deed('crash', 'Crash loop', `${id} ends with exit code 3 every 2 s`),
  );
  return row;
}
