/** What this page shows. Parts of the page change it by `change` and listen to `onChange` to draw what became of it. */
export const state = {
  you: undefined,
  people: [],
  channels: [],
  words: { commands: [], agents: [], operators: [], budgetSeconds: 0, root: '' },
  models: [],
  agents: [],
  /** By `ts`, in the order in which they were sent. */
  messages: new Map(),
  /** Channel ids with what came while another was shown. */
  unread: new Map(),
  channel: undefined,
  thread: undefined,
  /** `undefined` until the first answer of the server. */
  connected: undefined,
};

const listeners = new Map();

/** Topics: `workspace`, `channel`, `message`, `gone`, `thread`, `host`, `connection`, `unread`, `modal`. */
export function onChange(topic, listener) {
  listeners.set(topic, [...(listeners.get(topic) ?? []), listener]);
}

export function changed(topic, detail) {
  for (const listener of listeners.get(topic) ?? []) listener(detail);
}

export function showChannel(id) {
  if (!state.channels.some((channel) => channel.id === id)) return;
  state.channel = id;
  state.unread.delete(id);
  remember();
  changed('channel');
  changed('unread');
}

export function showThread(ts) {
  state.thread = ts;
  changed('thread');
}

export function channelNamed(name) {
  return state.channels.find((channel) => channel.name === name)?.id;
}

export function repliesTo(ts) {
  return [...state.messages.values()].filter(({ thread }) => thread === ts);
}

/** Who one is and where, kept in the address: a reload and a second tab find it there. */
export function remembered() {
  const parts = new URLSearchParams(location.hash.slice(1));
  return { as: parts.get('as') ?? 'ana', channel: parts.get('in') ?? 'ops' };
}

function remember() {
  const name = state.channels.find(({ id }) => id === state.channel)?.name ?? 'ops';
  history.replaceState(null, '', `#${new URLSearchParams({ as: state.you.name, in: name })}`);
}
