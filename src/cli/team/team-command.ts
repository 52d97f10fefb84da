import { config } from 'dotenv';
import type { Words } from '../../language/read-words.ts';
import { openSite } from '../../site/open-site.ts';
import { onInterrupt } from '../terminal/interrupts.ts';
import { prompt } from '../terminal/prompt.ts';
import { sentence, styleOf } from '../terminal/style.ts';
import { callerName } from './caller.ts';
import { type Desk, readOwnSettings } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { troubleWords } from './explain.ts';
import { type Order, readOrder } from './read-verb.ts';
import { carryOrder } from './run-verb.ts';

/** Does what a verb of the team was asked for; resolves with one of `exitCodes`. Throws UsageError. */
export async function run(words: Words, process: NodeJS.Process): Promise<number> {
  const order = readOrder(words);
  config({ quiet: true });
  // Whoever reads may have gone; what was begun goes on.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  try {
    return await carryOrder(order, await openDesk(order, process));
  } catch (error) {
    const style = styleOf(process);
    say(
      process.stderr,
      troubleWords(error).flatMap((each) => sentence(each, style)),
    );
    return exitCodes.failed;
  }
}

async function openDesk(order: Order, process: NodeJS.Process): Promise<Desk> {
  const { env, stdin, stdout, stderr } = process;
  const style = styleOf(process);
  const text = ['muster', ...process.argv.slice(2)].join(' ');
  const remark = (lines: readonly string[]) => say(stderr, lines);
  const opened = await openSite({
    env,
    cwd: process.cwd(),
    settings: readOwnSettings(env),
    changes: changes(order),
    text,
    remark: (each) => remark(sentence(each, style)),
  });
  return {
    ...opened,
    person: callerName(env),
    text,
    style,
    print: (lines) => say(stdout, lines),
    remark,
    ask: stdin.isTTY && stdout.isTTY ? (question) => prompt(stdin, stdout, question) : undefined,
    onInterrupt: (interrupted) => onInterrupt(stdin, interrupted),
    leave: (code) => process.exit(code),
  };
}

function changes(order: Order): boolean {
  return order.kind === 'mute' || order.kind === 'unmute' || (order.kind === 'operate' && !order.dryRun);
}

function say(stream: NodeJS.WriteStream, lines: readonly string[]): void {
  stream.write(lines.map((line) => `${line}\n`).join(''));
}
