import { readFileSync, statSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import type { AgentSpec } from '../team/agent-spec.ts';
import type { AgentEnd } from './supervisor.ts';

/** How the agent's last life ended, as our launcher or wrapper wrote it down; nothing under a foreign one. */
export function readEnd(root: string, { project, agent }: AgentSpec): AgentEnd | undefined {
  const path = join(root, 'state', 'muster', 'ends', `${project}-${agent}`);
  try {
    return parseEnd(readWritten(path), statSync(path).mtimeMs);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** A shell empties the file a moment before it writes to it. One that a full disk or a power cut has left empty says nothing. */
function readWritten(path: string): string {
  while (true) {
    const text = readFileSync(path, 'utf8');
    if (text !== '' || Date.now() - statSync(path).mtimeMs > emptyForMs) return text;
    Atomics.wait(sleeper, 0, 0, 1);
  }
}

const emptyForMs = 100;
const sleeper = new Int32Array(new SharedArrayBuffer(4));

/** Longer than it takes to write a line, and longer than the shell's seconds may lie behind. */
const writtenWithinMs = 5000;

/**
 * `CODE SECONDS` or `CODE SECONDS SIGNAL`, the code as a shell tells it: 128 and more is a signal. The shell's seconds may lie two seconds behind, so the
 * time at which it was written says more, unless somebody has touched the file since.
 */
export function parseEnd(text: string, writtenAtMs: number): AgentEnd | undefined {
  const [, code, seconds, askedBy] = /^(\d+) (\d+)(?: (INT|TERM|HUP))?\n/.exec(text) ?? [];
  if (code === undefined) return undefined;
  const second = Number(seconds) * 1000;
  const isExact = writtenAtMs >= second && writtenAtMs < second + writtenWithinMs;
  const at = new Date(isExact ? writtenAtMs : second);
  const signal = signalName(Number(code) - 128);
  if (signal !== undefined) return { kind: 'signalled', signal, at };
  return { kind: 'exited', code: Number(code), at, ...(askedBy && { askedBy }) };
}

function signalName(number: number): string | undefined {
  const [name] = Object.entries(constants.signals).find(([, value]) => value === number) ?? [];
  return name?.slice('SIG'.length);
}

/** In parentheses, for a sentence about an agent that has ended; empty where nothing is known. */
export function howItEnded(root: string, agent: AgentSpec): string {
  const end = readEnd(root, agent);
  if (!end) return '';
  return end.kind === 'exited' ? ` (exit code ${end.code})` : ` (signal ${end.signal})`;
}
