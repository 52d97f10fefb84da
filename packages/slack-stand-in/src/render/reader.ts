import type { Message } from '../server/message-store.ts';
import type { Workspace } from '../workspace.ts';
import type { MessageButton } from './buttons.ts';
import type { Ink } from './ink.ts';

/** Who reads, and on what. */
export interface Reader {
  readonly workspace: Workspace;
  readonly ink: Ink;
  /** Of the terminal. */
  readonly columns: number;
  readonly timeZone: string;
  /** The reader's own user id; without it, nobody in particular reads. */
  readonly viewer?: string;
  /** The number by which this reader may press the button. */
  readonly numberOf?: (message: Message, button: MessageButton) => number;
  /** What this reader calls the message by. */
  readonly labelOf?: (message: Message) => string;
}

export function userMention({ workspace, ink }: Reader, id: string): string {
  return ink.mention(`@${workspace.findUser(id)?.name ?? id}`);
}

export function channelMention({ workspace, ink }: Reader, id: string): string {
  return ink.mention(`#${workspace.findChannel(id)?.name ?? id}`);
}

export function groupMention({ workspace, ink }: Reader, id: string): string {
  return ink.mention(`@${workspace.userGroups.find((group) => group.id === id)?.handle ?? id}`);
}
