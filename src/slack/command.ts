import type { DrainBudgets } from '../operations/drain-budgets.ts';
import type { Run } from '../operations/engine.ts';
import type { Host } from '../operations/host.ts';
import type { LastStops } from '../operations/last-stop.ts';
import type { Selection } from '../operations/operation.ts';
import type { OperationLog } from '../operations/operation-log.ts';
import type { AgentId } from '../team/team.ts';
import type { CrashLoops } from '../watch/crash-loops.ts';
import type { Mutes } from '../watch/mutes.ts';
import type { Access, Effect, Sender } from './access.ts';
import type { Conductor } from './conductor.ts';
import { UsageError } from './explain.ts';
import type { MessageContent } from './messages.ts';
import type { MessageWriter } from './writer.ts';

/** How a command or a button answers. */
export interface Reply {
  /** Only the person who asked sees it. */
  whisper(content: MessageContent): Promise<void>;
}

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

const part = '[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}';
const project = new RegExp(`^${part}$`);
const agent = new RegExp(`^${part}:${part}$`);

/** `shop` or `shop:pay`; nothing means the whole team. Throws UsageError. */
export function parseSelection(word: string | undefined): Selection {
  if (word === undefined) return { kind: 'team' };
  if (agent.test(word)) return { kind: 'agent', id: word as AgentId };
  if (project.test(word)) return { kind: 'project', project: word };
  throw new UsageError(`A project is written like \`shop\`, an agent like \`shop:pay\`.`);
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
