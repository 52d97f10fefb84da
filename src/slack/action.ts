import type { Effect, Sender } from './access.ts';
import type { Desk, Reply } from './command.ts';
import type { LiveMessage } from './writer.ts';

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
