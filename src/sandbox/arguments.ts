import type { Words } from '../language/read-words.ts';
import { UsageError } from '../language/refusals.ts';

export interface SandboxArguments {
  /** A free one unless told. */
  readonly port: number;
  /** Show the page in the browser. */
  readonly open: boolean;
  /** Talk to the workspace from this terminal too. */
  readonly terminal: boolean;
}

/** Throws UsageError. */
export function readSandboxArguments({ options }: Words): SandboxArguments {
  const port = options.get('port')?.at(-1) ?? '0';
  if (!/^\d+$/.test(port) || Number(port) > 65_535)
    throw new UsageError(`--port is "${port}"; it must be a number up to 65535, or 0 for any free one.`);
  return { port: Number(port), open: options.has('open'), terminal: options.has('terminal') };
}
