import { startButtons } from './buttons.js';
import { doAs } from './deeds.js';
import { byId } from './elements.js';
import { keepFocus, listItem } from './message-item.js';
import { showSide } from './side.js';
import { onChange, repliesTo, showThread, state } from './state.js';
import { startTextBox } from './text-box.js';
import { toast } from './toast.js';

/** A message and its replies, beside the channel. */
export function startThread() {
  const list = byId('thread-list');
  onChange('thread', draw);
  onChange('message', ({ ts, thread }) => {
    if (state.thread === undefined || (ts !== state.thread && thread !== state.thread)) return;
    const before = list.querySelector(`[data-ts="${ts}"]`);
    const item = listItem(state.messages.get(ts), { inThread: true });
    if (before) keepFocus(before, () => before.replaceWith(item));
    else list.append(item);
    list.scrollTo({ top: list.scrollHeight });
  });
  onChange('gone', (ts) =>
    ts === state.thread ? close() : list.querySelector(`[data-ts="${ts}"]`)?.remove(),
  );
  onChange('channel', () => {
    if (state.messages.get(state.thread)?.channel !== state.channel) showThread(undefined);
  });
  byId('close-thread').addEventListener('click', close);
  startButtons(list);
  startTextBox(byId('reply'), byId('reply-text'), send);

  function draw() {
    const parent = state.messages.get(state.thread);
    if (!parent) {
      showSide('host');
      return;
    }
    list.replaceChildren(
      ...[parent, ...repliesTo(parent.ts)].map((message) => listItem(message, { inThread: true })),
    );
    showSide('thread');
    list.scrollTo({ top: 0 });
  }
}

function close() {
  const { thread } = state;
  showThread(undefined);
  document.querySelector(`[data-thread="${thread}"]`)?.focus();
}

/** As in Slack, a command is not sent from here. */
async function send(text) {
  if (text.startsWith('/')) {
    toast(`${text.split(' ')[0]} is not supported in threads. Sorry! Type it in the channel.`);
    return false;
  }
  const parent = state.messages.get(state.thread);
  return (await doAs('say', { channel: parent.channel, text, thread: parent.ts })) !== undefined;
}
