import type { Effect } from '../../language/verb.ts';
import type { Desk } from '../commands/command.ts';
import type { Sender } from '../guard/access.ts';
import type { Reply } from '../outbox/reply.ts';
import type { LiveMessage } from '../outbox/writer.ts';

/** A click on a button of ours. */
export interface Pressed {
  readonly asker: Sender;
  /** What we put into the button; it came back from outside. */
  readonly value: string;
  /** The message that holds the button. */
  readonly message: LiveMessage;
  readonly reply: Reply;
}

/** A button as data: it is guarded like a command. */
export interface Action {
  readonly id: string;
  readonly effect: Effect;
  run(pressed: Pressed, desk: Desk): Promise<void>;
}
