import type { LastStops } from '../../domain/operation-record.ts';
import type { Words } from '../../language/read-words.ts';
import type { VerbInfo } from '../../language/verb.ts';
import type { Host } from '../../operations/host.ts';
import type { DrainBudgets } from '../../operations/records/drain-budgets.ts';
import type { OperationLog } from '../../operations/records/operation-log.ts';
import type { Run } from '../../operations/run/run-plan.ts';
import type { CrashLoops } from '../../watch/alerts/crash-loops.ts';
import type { Mutes } from '../../watch/alerts/mutes.ts';
import type { Access, Sender } from '../guard/access.ts';
import type { Conductor } from '../operations/requests.ts';
import type { Reply } from '../outbox/reply.ts';
import type { MessageWriter } from '../outbox/writer.ts';

/** What commands and buttons work with. */
export interface Desk {
  readonly host: Host;
  readonly writer: MessageWriter;
  readonly conductor: Conductor;
  readonly lastStops: LastStops;
  readonly operations: OperationLog;
  readonly drainBudgets: DrainBudgets;
  readonly crashLoops: Pick<CrashLoops, 'of' | 'all' | 'deathsOf' | 'deaths'>;
  readonly mutes: Mutes;
  readonly alertChannel: string;
  readonly access: Access;
  readonly commands: readonly Command[];
  /** An operation that is under way in this process. */
  readonly running: (operation: string) => Pick<Run, 'extend' | 'killNow'> | undefined;
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
