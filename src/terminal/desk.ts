import type { Host } from '../operations/host.ts';
import type { Lives } from '../operations/left-behind.ts';
import type { ProjectLocks } from '../operations/project-locks.ts';
import type { Records } from '../operations/records.ts';
import type { Incarnation } from '../supervisor/supervisor.ts';
import type { Style } from './style.ts';

/** What the verbs work with. */
export interface Desk {
  readonly host: Host;
  readonly records: Records;
  readonly locks: ProjectLocks;
  /** This process. */
  readonly self: Incarnation;
  readonly lives: Lives;
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
