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

export const sandboxUsage = `npm run sandbox -- [--open] [--port NUMBER] [--terminal]
  --open         show the page in your browser
  --port NUMBER  where the page is served on 127.0.0.1; a free one unless told
  --terminal     type and read here as well`;

export function readSandboxArguments(args: readonly string[]): SandboxArguments {
  const { port = '0', open = false, terminal = false } = parse(args);
  if (!/^\d+$/.test(port) || Number(port) > 65_535)
    throw new ArgumentError(`--port is "${port}"; it must be a number up to 65535, or 0 for any free one`);
  return { port: Number(port), open, terminal };
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
