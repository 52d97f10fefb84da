import process from 'node:process';
import { config } from 'dotenv';
import { UsageError } from '../../language/refusals.ts';
import { openSite } from '../../site/open-site.ts';
import { helpText } from '../help.ts';
import { onInterrupt } from '../terminal/interrupts.ts';
import { prompt } from '../terminal/prompt.ts';
import { sentence } from '../terminal/style.ts';
import { callerName } from './caller.ts';
import { type Desk, readOwnSettings } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { troubleWords } from './explain.ts';
import { type Order, readOrder } from './read-verb.ts';
import { carryOrder, type HostOrder } from './run-verb.ts';

config({ quiet: true });
const { stdin, stdout, stderr } = process;
// Whoever reads may have gone; what was begun goes on.
for (const stream of [stdout, stderr]) stream.on('error', () => {});

const words = process.argv.slice(2);

const style = {
  width: Math.min(stdout.columns ?? 80, 100),
  colour: stdout.isTTY && !process.env.NO_COLOR,
};

process.exit(await main());

async function main(): Promise<number> {
  const order = orderOrComplain();
  if (order === undefined) return exitCodes.usage;
  if (order.kind === 'help') {
    stdout.write(helpText(order.verb, style));
    return exitCodes.done;
  }
  try {
    return await carryOrder(order, await openDesk(order));
  } catch (error) {
    say(
      stderr,
      troubleWords(error).flatMap((each) => sentence(each, style)),
    );
    return exitCodes.failed;
  }
}

function orderOrComplain(): Order | undefined {
  try {
    return readOrder(words);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    say(stderr, [...sentence(error.message, style), 'Nothing was touched. All verbs: npm run team -- help']);
    return undefined;
  }
}

async function openDesk(order: HostOrder): Promise<Desk> {
  const settings = readOwnSettings(process.env);
  const text = `npm run team -- ${words.join(' ')}`;
  const changes = order.kind === 'operate' && !order.dryRun;
  const remark = (lines: readonly string[]) => say(stderr, lines);
  const opened = await openSite({
    env: process.env,
    cwd: process.cwd(),
    settings,
    changes,
    text,
    remark: (each) => remark(sentence(each, style)),
  });
  return {
    ...opened,
    person: callerName(process.env),
    text,
    style,
    print: (lines) => say(stdout, lines),
    remark,
    ask: stdin.isTTY && stdout.isTTY ? (question) => prompt(stdin, stdout, question) : undefined,
    onInterrupt: (interrupted) => onInterrupt(stdin, interrupted),
    leave: (code) => process.exit(code),
  };
}

function say(stream: NodeJS.WriteStream, lines: readonly string[]): void {
  stream.write(lines.map((line) => `${line}\n`).join(''));
}
