import type { MuteOver } from '../../domain/alert.ts';
import type { Words } from '../../language/read-words.ts';
import type { VerbInfo } from '../../language/verb.ts';
import type { Site } from '../../site/site.ts';
import type { Access, Sender } from '../guard/access.ts';
import type { Requests } from '../operations/requests.ts';
import type { Reply } from '../outbox/reply.ts';
import type { MessageWriter } from '../outbox/writer.ts';

/** What commands and buttons work with. */
export interface Desk {
  readonly site: Site;
  readonly hostName: string;
  readonly writer: MessageWriter;
  readonly requests: Requests;
  /** What a mute kept back is told in the alert channel. */
  readonly muteTold: (over: MuteOver) => void;
  readonly alertChannel: string;
  readonly access: Access;
  readonly commands: readonly Command[];
}

export interface Asked extends Pick<Words, 'options' | 'rest'> {
  readonly asker: Sender;
  /** What the installed app calls the command: `/team`, unless it was named otherwise. */
  readonly commandName: string;
  /** All that was typed, such as `/team reload shop`. */
  readonly text: string;
  readonly reply: Reply;
}

/** What a sub-command does. Throws UsageError for words that say nothing it can do. */
export type RunCommand = (asked: Asked, desk: Desk) => Promise<void>;

/** A sub-command: its entry in the table of verbs, and what it does. */
export interface Command extends VerbInfo {
  readonly run: RunCommand;
}
