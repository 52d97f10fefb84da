import { randomBytes } from 'node:crypto';
import type { types } from '@slack/bolt';
import type { StandInEvents } from './events.ts';

/** A message as it is now. An edit makes a new one with the same `ts`, so whoever holds this one keeps what they saw. */
export interface Message {
  readonly ts: string;
  readonly channel: string;
  /** A user id: a person's, the bot's or Slackbot's. */
  readonly author: string;
  readonly text: string;
  readonly blocks: readonly types.KnownBlock[];
  readonly attachments: readonly types.MessageAttachment[];
  readonly metadata?: types.MessageMetadata;
  /** The message this one replies to. */
  readonly threadTs?: string;
  /** A reply that is shown in the channel too. */
  readonly broadcast: boolean;
  /** Set on an ephemeral message: the only person who sees it. */
  readonly onlyVisibleTo?: string;
  readonly edits: number;
  readonly reactions: readonly { readonly name: string; readonly by: string }[];
}

/** What a sender decides about a message. */
export interface MessageContent {
  readonly text: string;
  readonly blocks: readonly types.KnownBlock[];
  readonly attachments: readonly types.MessageAttachment[];
  readonly metadata?: types.MessageMetadata;
}

type MessageDraft = MessageContent &
  Pick<Message, 'channel' | 'author'> &
  Partial<Pick<Message, 'threadTs' | 'broadcast' | 'onlyVisibleTo'>>;

export interface MessageStore {
  post(draft: MessageDraft): Message;
  /** Replaces content; counts as an edit. */
  edit(message: Message, content: MessageContent): Message;
  react(message: Message, name: string, by: string): Message;
  remove(message: Message): void;
  find(channel: string, ts: string): Message | undefined;
  /** Oldest first, replies and ephemerals included. */
  all(): readonly Message[];
}

export function createMessageStore(events: StandInEvents): MessageStore {
  const messages = new Map<string, Message>();
  const nextTs = createTimestamps();

  function replace(message: Message): Message {
    messages.set(message.ts, message);
    return message;
  }

  return {
    post(draft) {
      const message = replace({
        ...draft,
        broadcast: draft.broadcast ?? false,
        blocks: withIds(draft.blocks),
        ts: nextTs(),
        edits: 0,
        reactions: [],
      });
      events.emit(message.onlyVisibleTo ? 'ephemeral' : 'message', message);
      return message;
    },
    edit(before, content) {
      const { metadata: _, ...rest } = before;
      const after = replace({
        ...rest,
        ...content,
        blocks: withIds(content.blocks),
        edits: before.edits + 1,
      });
      events.emit('edited', after, before);
      return after;
    },
    react(before, name, by) {
      const after = replace({ ...before, reactions: [...before.reactions, { name, by }] });
      events.emit('edited', after, before);
      return after;
    },
    remove(message) {
      messages.delete(message.ts);
      events.emit('deleted', message);
    },
    find(channel, ts) {
      const found = messages.get(ts);
      return found?.channel === channel ? found : undefined;
    },
    all: () => [...messages.values()],
  };
}

/** Seconds and six digits, never the same twice. */
function createTimestamps(): () => string {
  let lastMicros = 0;
  return () => {
    lastMicros = Math.max(Date.now() * 1000, lastMicros + 1);
    return `${Math.floor(lastMicros / 1e6)}.${String(lastMicros % 1e6).padStart(6, '0')}`;
  };
}

/** Slack names every block, and every control in it, that the app left unnamed. */
function withIds(blocks: readonly types.KnownBlock[]): types.KnownBlock[] {
  return blocks.map((block) => {
    const named = { ...block, block_id: block.block_id ?? randomId() };
    return named.type === 'actions'
      ? {
          ...named,
          elements: named.elements.map((element) => ({
            ...element,
            action_id: element.action_id ?? randomId(),
          })),
        }
      : named;
  });
}

function randomId(): string {
  return randomBytes(4).toString('base64url');
}
