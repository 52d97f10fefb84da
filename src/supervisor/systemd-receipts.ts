import { join } from 'node:path';
import type { AgentSpec } from '../team/agent-spec.ts';
import { readRegularSync, UnreadableFileError } from '../team/bounded-read.ts';

/** What systemd said when a life of the agent was over, whoever was there to hear it. */
export interface Receipt {
  /** `success`, `timeout`, `exit-code`, `signal`, ... */
  readonly result: string;
  /** Which life. */
  readonly invocation: string;
}

/** In bytes; a line has 100. */
const longestReceipt = 4096;

/** Undefined also where something else lies there: agents can write there. */
export function readReceipt(root: string, { project, agent }: AgentSpec): Receipt | undefined {
  try {
    const path = join(root, 'state', 'muster', 'receipts', `${project}.${agent}`);
    return parseReceipt(readRegularSync(path, longestReceipt)?.bytes.toString('utf8') ?? '');
  } catch (error) {
    if (error instanceof UnreadableFileError) return undefined;
    throw error;
  }
}

/** Code and status may be missing where no main process ever ran. */
export function parseReceipt(text: string): Receipt | undefined {
  const [, result, invocation] = /^(\S+) \S* \S* ([0-9a-f]{32}) \d+\n/.exec(text) ?? [];
  return result === undefined || invocation === undefined ? undefined : { result, invocation };
}
