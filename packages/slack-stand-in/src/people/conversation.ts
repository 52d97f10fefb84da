import { plainReader, renderMessage } from '../render/text.ts';
import type { Message, MessageStore } from '../server/message-store.ts';
import type { Workspace } from '../workspace.ts';

/** What somebody sees of the workspace. Without a viewer: everything, other people's ephemerals too. */
export interface Conversation {
  /** A channel as its main pane shows it, oldest first. */
  messages(channel: string, viewer?: string): readonly Message[];
  /** A message and its replies, oldest first. */
  thread(ts: string, viewer?: string): readonly Message[];
  /** All that this person sees anywhere, replies included, oldest first. */
  everything(viewer: string): readonly Message[];
  /** The message as text, as a person reads it: names for ids, tables drawn, buttons named. */
  read(message: Message): string;
}

export function createConversation(store: MessageStore, workspace: Workspace): Conversation {
  function seenBy(viewer: string | undefined): (message: Message) => boolean {
    const person = viewer === undefined ? undefined : workspace.person(viewer);
    return ({ onlyVisibleTo, channel }) =>
      !person ||
      (workspace.channel(channel).members.has(person.id) && (onlyVisibleTo ?? person.id) === person.id);
  }
  return {
    messages(channelName, viewer) {
      const { id } = workspace.channel(channelName);
      return store
        .all()
        .filter((message) => message.channel === id && (!message.threadTs || message.broadcast))
        .filter(seenBy(viewer));
    },
    everything: (viewer) => store.all().filter(seenBy(viewer)),
    read: (message) => renderMessage(message, plainReader(workspace)),
    thread: (ts, viewer) =>
      store
        .all()
        .filter((message) => message.ts === ts || message.threadTs === ts)
        .filter(seenBy(viewer)),
  };
}
