import type { LastStops } from '../../domain/operation-record.ts';
import { UsageError } from '../../language/refusals.ts';
import type { Effect } from '../../language/verbs.ts';
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

export interface Asked {
  readonly asker: Sender;
  /** Without the verb. */
  readonly words: readonly string[];
  /** What the installed app calls the command: `/team`, unless it was named otherwise. */
  readonly commandName: string;
  /** All that was typed, such as `/team reload shop`. */
  readonly text: string;
  readonly reply: Reply;
}

/** A sub-command as data: help, usage errors, access and the manifest's hint are made from it. */
export interface Command {
  readonly name: string;
  readonly usage: string;
  readonly summary: string;
  readonly example: string;
  readonly effect: Effect;
  run(asked: Asked, desk: Desk): Promise<void>;
}

/** Sorts words into options that begin with `--` and the rest. Throws UsageError for an option that is not known. */
export function parseOptions<Option extends string>(
  words: readonly string[],
  known: readonly Option[],
): { readonly options: ReadonlySet<Option>; readonly rest: readonly string[] } {
  const options = new Set<Option>();
  const rest: string[] = [];
  for (const word of words) {
    const option = known.find((each) => `--${each}` === word);
    if (option !== undefined) options.add(option);
    else if (word.startsWith('--')) throw new UsageError(unknownOption(known));
    else rest.push(word);
  }
  return { options, rest };
}

function unknownOption(known: readonly string[]): string {
  return known.length === 0
    ? 'This command has no options.'
    : `The options are ${known.map((each) => `\`--${each}\``).join(' and ')}.`;
}
