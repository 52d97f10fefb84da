import { clearLine, createInterface, cursorTo } from 'node:readline';
import { ImpossibleForAPerson } from '../people/person.ts';
import type { ConfirmDialog } from '../render/buttons.ts';
import { createInk, wantsColour } from '../render/ink.ts';
import type { SlackStandIn } from '../slack-stand-in.ts';
import { createScreen } from './screen.ts';
import { createCompleter, readTerminalLine, type TerminalCommand, terminalHelp } from './words.ts';

export interface TerminalSessionOptions {
  readonly slack: SlackStandIn;
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** What may follow `/team`, for completion: `status`, `reload shop`. */
  readonly subCommands?: readonly string[];
  readonly person?: string;
  readonly channel?: string;
  /** Changes within this time are shown as one. */
  readonly settleMs?: number;
}

export interface TerminalSession {
  /** Resolves when the person quits or the input ends. */
  readonly ended: Promise<void>;
  close(): void;
}

/** One person at a terminal: types commands, presses buttons by number, reads what comes. */
export function startTerminalSession({
  slack,
  input,
  output,
  env = {},
  subCommands = [],
  person: firstPerson = 'ana',
  channel: firstChannel = 'ops',
  settleMs = 150,
}: TerminalSessionOptions): TerminalSession {
  const { workspace } = slack;
  const ink = createInk(wantsColour(output, env));
  const isTerminal = output.isTTY === true;
  const completer = createCompleter(workspace, subCommands);
  const line = createInterface({ input, output, terminal: isTerminal, completer });
  const lines = line[Symbol.asyncIterator]();
  const screen = createScreen({
    slack,
    ink,
    settleMs,
    write,
    columns: () => Math.max(output.columns || 100, 40),
  });
  let person = workspace.person(firstPerson);
  let channel = workspace.channel(firstChannel);
  let closed = false;

  function write(text: string): void {
    if (isTerminal) {
      cursorTo(output, 0);
      clearLine(output, 0);
    }
    output.write(`${text}\n`);
    if (!closed && isTerminal) line.prompt(true);
  }

  async function nextLine(prompt: string): Promise<string | undefined> {
    line.setPrompt(prompt);
    line.prompt();
    const { value, done } = await lines.next();
    return done ? undefined : value;
  }

  async function run(): Promise<void> {
    screen.lookAs(person);
    for (;;) {
      const typed = await nextLine(
        `${ink.bold(person.name)} ${channel.kind === 'direct' ? 'dm' : `#${channel.name}`}> `,
      );
      const command: TerminalCommand = typed === undefined ? { kind: 'quit' } : readTerminalLine(typed);
      if (command.kind === 'quit') return;
      try {
        await obey(command);
      } catch (error) {
        if (!(error instanceof ImpossibleForAPerson)) throw error;
        write(ink.warn(error.message));
      }
    }
  }

  async function obey(command: Exclude<TerminalCommand, { kind: 'quit' }>): Promise<void> {
    switch (command.kind) {
      case 'slash':
        // A failure is told by Slackbot, in the channel.
        await slack.slash(person.name, channel.name, command.text);
        return;
      case 'press':
        await press(command.button);
        return;
      case 'thread':
        screen.showThread(command.message);
        return;
      case 'as':
        person = known('person', workspace.people, command.person.replace(/^@/, ''));
        screen.lookAs(person);
        // A direct message is the other person's own.
        if (channel.kind === 'direct') channel = workspace.directMessageWith(person);
        return;
      case 'in':
        channel =
          command.channel === 'dm'
            ? workspace.directMessageWith(person)
            : known('channel', workspace.channels, command.channel.replace(/^#/, ''));
        return;
      case 'help':
        write(terminalHelp);
        return;
      case 'unknown':
        write(`"${command.line}" is nothing I know; try help`);
        return;
      case 'nothing':
        return;
    }
  }

  async function press(number: number): Promise<void> {
    screen.flush();
    const numbered = screen.buttonNumbered(number);
    if (!numbered) throw new ImpossibleForAPerson(`there is no button [${number}]`);
    const { ts, button } = numbered;
    const confirm = button.confirm && (await answer(button.confirm));
    const outcome = await slack.press(person.name, ts, button, confirm ? { confirm } : {});
    if (outcome.kind === 'failed') write(ink.bad(`the button failed with the error "${outcome.error}"`));
  }

  async function answer({ title, text, confirm, deny }: ConfirmDialog): Promise<'accept' | 'deny'> {
    write(`${ink.bold(title)}\n${text}`);
    const typed = await nextLine(`${confirm} (y) or ${deny} (n)? `);
    return /^y(es)?$/i.test(typed?.trim() ?? '') ? 'accept' : 'deny';
  }

  function close(): void {
    if (closed) return;
    closed = true;
    screen.close();
    line.close();
  }

  return { ended: run().finally(close), close };
}

function known<T extends { readonly name: string }>(what: string, list: readonly T[], name: string): T {
  const found = list.find((item) => item.name === name);
  if (found) return found;
  throw new ImpossibleForAPerson(
    `there is no ${what} "${name}"; there are ${list.map((item) => item.name).join(', ')}`,
  );
}
