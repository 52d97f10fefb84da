import type { OpenTeam } from '../open-team.ts';
import type { Style } from './style.ts';

/** What the verbs work with. */
export interface Desk extends OpenTeam {
  /** Who types. */
  readonly person: string;
  /** The words that were typed, for the record. */
  readonly text: string;
  readonly style: Style;
  /** Prints lines for whoever reads the result. */
  print(lines: readonly string[]): void;
  /** Prints lines that are not part of it. */
  remark(lines: readonly string[]): void;
  /** Asks the person; undefined: nobody is there who could answer. */
  readonly ask: ((question: string) => Promise<string>) | undefined;
  /** Calls back at each Ctrl-C until the function it gives is called. */
  onInterrupt(interrupted: () => void): () => void;
  /** Ends this process at once. */
  leave(code: number): never;
}
