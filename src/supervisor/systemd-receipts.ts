import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentSpec } from '../team/agent-spec.ts';

/** What systemd said when a life of the agent was over, whoever was there to hear it. */
export interface Receipt {
  /** `success`, `timeout`, `exit-code`, `signal`, ... */
  readonly result: string;
  /** Which life. */
  readonly invocation: string;
}

export function readReceipt(root: string, { project, agent }: AgentSpec): Receipt | undefined {
  try {
    return parseReceipt(
      readFileSync(join(root, 'state', 'muster', 'receipts', `${project}.${agent}`), 'utf8'),
    );
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Code and status may be missing where no main process ever ran. */
export function parseReceipt(text: string): Receipt | undefined {
  const [, result, invocation] = /^(\S+) \S* \S* ([0-9a-f]{32}) \d+\n/.exec(text) ?? [];
  return result === undefined || invocation === undefined ? undefined : { result, invocation };
}
