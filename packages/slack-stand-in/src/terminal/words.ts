import type { Workspace } from '../workspace.ts';

/** What a person can ask of the terminal. */
export type TerminalCommand =
  | { readonly kind: 'slash'; readonly text: string }
  | { readonly kind: 'press'; readonly button: number }
  | { readonly kind: 'as'; readonly person: string }
  | { readonly kind: 'in'; readonly channel: string }
  | { readonly kind: 'thread'; readonly message: number }
  | { readonly kind: 'help' | 'quit' | 'nothing' }
  | { readonly kind: 'unknown'; readonly line: string };

export const terminalHelp = [
  '/team status     type a command; Tab completes it',
  '2                press button [2]; "press 2" does the same',
  'thread 3         show the replies to message #3',
  'as bo            be somebody else',
  'in #alerts       go to another channel; "in dm": alone with the app',
  'help, quit',
].join('\n');

export function readTerminalLine(typed: string): TerminalCommand {
  const line = typed.trim();
  const [first = '', second = ''] = line.split(/\s+/);
  if (line === '') return { kind: 'nothing' };
  if (line.startsWith('/')) return { kind: 'slash', text: line };
  if (/^(press )?\s*\d+$/.test(line)) return { kind: 'press', button: Number(second || first) };
  if (first === 'thread' && /^#?\d+$/.test(second))
    return { kind: 'thread', message: Number(second.replace('#', '')) };
  if (first === 'as' && second) return { kind: 'as', person: second };
  if (first === 'in' && second) return { kind: 'in', channel: second };
  if (line === 'help' || line === '?') return { kind: 'help' };
  if (line === 'quit' || line === 'exit') return { kind: 'quit' };
  return { kind: 'unknown', line };
}

/** For `readline`: the whole lines that what was typed could become. */
export function createCompleter(
  workspace: Workspace,
  subCommands: readonly string[],
): (line: string) => [string[], string] {
  const candidates = [
    ...workspace.commands.flatMap(({ name }) => [name, ...subCommands.map((rest) => `${name} ${rest}`)]),
    ...workspace.people.map(({ name }) => `as ${name}`),
    ...workspace.channels.map(({ name }) => `in #${name}`),
    ...['press', 'thread', 'help', 'quit'],
  ];
  return (line) => [candidates.filter((candidate) => candidate.startsWith(line)), line];
}
