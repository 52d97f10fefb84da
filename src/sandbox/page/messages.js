import { startButtons } from './buttons.js';
import { byId } from './elements.js';
import { keepFocus, listItem } from './message-item.js';
import { onChange, state } from './state.js';

/** The channel's main pane. */
export function startMessages() {
  const pane = byId('messages');
  const list = byId('message-list');
  // So that it can be scrolled by keyboard wherever the browser doesn't see to that.
  pane.tabIndex = 0;

  const belongs = ({ channel, thread, broadcast }) => channel === state.channel && (!thread || broadcast);
  const toTheEnd = () => pane.scrollTo({ top: pane.scrollHeight });
  const atTheEnd = () => pane.scrollHeight - pane.scrollTop - pane.clientHeight < 80;

  function drawAll() {
    const shown = [...state.messages.values()].filter(belongs);
    list.replaceChildren(...shown.map((message) => listItem(message)));
    byId('jump').hidden = true;
    if (shown.length > 0) toTheEnd();
    else pane.scrollTo({ top: 0 });
  }

  function draw(message) {
    if (message.thread) redraw(state.messages.get(message.thread));
    if (!belongs(message)) return;
    const stick = atTheEnd() || message.mine;
    if (!redraw(message)) {
      list.append(listItem(message));
      byId('jump').hidden = stick;
    }
    if (stick) toTheEnd();
  }

  /** False: it is not on the page. */
  function redraw(message) {
    const before = message && list.querySelector(`[data-ts="${message.ts}"]`);
    if (!before) return false;
    const stick = atTheEnd();
    keepFocus(before, () => before.replaceWith(listItem(message)));
    if (stick) toTheEnd();
    return true;
  }

  onChange('channel', drawAll);
  onChange('message', draw);
  onChange('gone', (ts) => list.querySelector(`[data-ts="${ts}"]`)?.remove());
  byId('jump').addEventListener('click', toTheEnd);
  pane.addEventListener('scroll', () => {
    if (atTheEnd()) byId('jump').hidden = true;
  });
  // What is below the pane may grow, such as the composer.
  new ResizeObserver(() => {
    if (byId('jump').hidden && list.children.length > 0) toTheEnd();
  }).observe(byId('composer'));
  startButtons(list);
}
