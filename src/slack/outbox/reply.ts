import type { MessageContent } from '../markup/blocks.ts';

/** How a command or a button answers. */
export interface Reply {
  /** Only the person who asked sees it. */
  whisper(content: MessageContent): Promise<void>;
}
