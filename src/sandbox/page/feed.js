import { changed, channelNamed, remembered, showChannel, state } from './state.js';

let source;

/** Listens to what one person sees; being somebody else is another stream. */
export function startFeed() {
  listenAs(remembered().as);
}

export function listenAs(name) {
  source?.close();
  source = new EventSource(`/page/events?as=${encodeURIComponent(name)}`);
  const on = (event, hear) => source.addEventListener(event, ({ data }) => hear(JSON.parse(data)));
  on('workspace', hearWorkspace);
  on('message', hearMessage);
  on('gone', ({ ts }) => {
    state.messages.delete(ts);
    changed('gone', ts);
  });
  on('host', (agents) => {
    state.agents = agents;
    changed('host');
  });
  on('modal', ({ html }) => changed('modal', html));
  on('connection', ({ connected }) => hearConnection(connected));
  source.addEventListener('error', () => {
    hearConnection(undefined);
    // A stream that was refused is not taken up again by itself.
    if (source.readyState === EventSource.CLOSED) setTimeout(() => listenAs(state.you?.name ?? 'ana'), 1000);
  });
}

/** Everything anew: it comes first, and again after a break. */
function hearWorkspace({ messages, modal, connected, ...rest }) {
  const stays = state.you?.name === rest.you.name ? state.channel : undefined;
  Object.assign(state, rest);
  state.messages = new Map(messages.map((message) => [message.ts, message]));
  state.unread.clear();
  changed('workspace');
  const wanted = remembered().channel;
  showChannel(stays ?? channelNamed(wanted) ?? state.channels[0]?.id);
  if (state.thread !== undefined) changed('thread');
  changed('modal', modal);
  hearConnection(connected);
}

function hearMessage(message) {
  const isNew = !state.messages.has(message.ts);
  state.messages.set(message.ts, message);
  if (isNew && !message.thread && !message.mine && message.channel !== state.channel) {
    state.unread.set(message.channel, (state.unread.get(message.channel) ?? 0) + 1);
    changed('unread');
  }
  changed('message', message);
}

function hearConnection(connected) {
  state.connected = connected;
  changed('connection');
}
