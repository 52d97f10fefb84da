import { parseArgs } from 'node:util';

export interface SandboxArguments {
  /** A free one unless told. */
  readonly port: number;
  /** Show the page in the browser. */
  readonly open: boolean;
  /** Talk to the workspace from this terminal too. */
  readonly terminal: boolean;
}

/** What was asked for cannot be had: the message says what can. */
export class ArgumentError extends Error {
  override readonly name = 'ArgumentError';
}

const demoUsage = `npm run demo -- [--record [FILE]]
  --record FILE  write the conversation as Markdown too; demo.md unless told`;

const sandboxUsage = `npm run sandbox -- [--open] [--port NUMBER] [--terminal]
  --open         show the page in your browser
  --port NUMBER  where the page is served on 127.0.0.1; a free one unless told
  --terminal     type and read here as well`;

export function readSandboxArguments(args: readonly string[]): SandboxArguments {
  const { port = '0', open = false, terminal = false } = parse(args);
  if (!/^\d+$/.test(port) || Number(port) > 65_535)
    throw new ArgumentError(`--port is "${port}"; it must be a number up to 65535, or 0 for any free one`);
  return { port: Number(port), open, terminal };
}

/** `record`: the file to write the conversation to, if it was asked for. */
export function readDemoArguments(args: readonly string[]): { readonly record?: string } {
  const [first, file = 'demo.md', ...more] = args;
  if (first === undefined) return {};
  if (first !== '--record' || file.startsWith('-') || more.length > 0)
    throw new ArgumentError(`"${args.join(' ')}" is not understood. This is:\n${demoUsage}`);
  return { record: file };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: { port: { type: 'string' }, open: { type: 'boolean' }, terminal: { type: 'boolean' } },
    }).values;
  } catch (error) {
    const [complaint] = error instanceof Error ? error.message.split('. ') : ['unreadable arguments'];
    throw new ArgumentError(`${complaint}. This is understood:\n${sandboxUsage}`);
  }
}
