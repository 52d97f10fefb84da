import process from 'node:process';
import { readWords, verbNamed, type Words } from '../language/read-words.ts';
import { UsageError } from '../language/refusals.ts';
import { usageIn, type VerbInfo } from '../language/verb.ts';
import type { TerminalVerb } from '../language/verbs.ts';
import { exitCodes } from './team/exit-codes.ts';
import type { TeamVerb } from './team/read-verb.ts';
import { sentence, styleOf } from './terminal/style.ts';

interface Program {
  /** Does what the words say; resolves with the exit code, or with none where it lives on. Throws UsageError before it touches anything. */
  run(words: Words, process: NodeJS.Process): Promise<number | undefined>;
}

const team = (): Promise<Program> => import('./team/team-command.ts');

/** Each is loaded for its own verb alone. */
const programs: { readonly [Name in Exclude<TerminalVerb, TeamVerb>]: () => Promise<Program> } = {
  help: () => import('./help.ts'),
  completion: () => import('./completion.ts'),
  start: async () => ({
    async run() {
      await import('../main.ts');
      return undefined;
    },
  }),
  setup: () => import('./setup/setup.ts'),
  doctor: () => import('./doctor/doctor.ts'),
  'live-check': () => import('./live-check/live-check.ts'),
  async sandbox() {
    await requireTmux();
    return await import('../sandbox/sandbox-command.ts');
  },
  async demo() {
    await requireTmux();
    return await import('../sandbox/demo-command.ts');
  },
};

/** Ends this process with the way to mend it where there is none. */
function requireTmux(): Promise<unknown> {
  return import(new URL('../require-tmux.js', import.meta.url).href);
}

const code = await main(process.argv.slice(2));
if (code !== undefined) process.exit(code);

async function main([first = 'help', ...rest]: readonly string[]): Promise<number | undefined> {
  let verb: VerbInfo | undefined;
  try {
    verb = verbNamed(isHelp(first) ? 'help' : first);
    const words = rest.some(isHelp)
      ? readWords(verbNamed('help'), [verb.name], 'terminal')
      : readWords(verb, rest, 'terminal');
    const { name } = words.verb;
    const { run } = await (name in programs ? programs[name as keyof typeof programs] : team)();
    return await run(words, process);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const more =
      verb === undefined
        ? 'All verbs: muster help'
        : `Usage: muster ${usageIn('terminal', verb)}; more: muster help ${verb.name}`;
    const lines = [error.message, `Nothing was touched. ${more}`];
    const style = styleOf(process);
    process.stderr.write(
      lines
        .flatMap((line) => sentence(line, style))
        .join('\n')
        .concat('\n'),
    );
    return exitCodes.usage;
  }
}

function isHelp(word: string): boolean {
  return word === '--help' || word === '-h';
}
