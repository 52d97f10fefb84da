import { randomBytes } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { constants } from 'node:os';
import { join } from 'node:path';
import type { AgentSpec } from '../../domain/agent.ts';
import type { AgentEnd } from '../../domain/observation.ts';
import { readRegularSync, UnreadableFileError } from '../../team/bounded-read.ts';
import { SupervisorError } from '../supervisor.ts';
import type { Clock } from './clock.ts';

/** An end, nothing where nothing of ours was there to write it down, or why it cannot be read. */
export interface EndRead {
  readonly lastEnd?: AgentEnd;
  readonly endUnread?: string;
}

/** In bytes; a line has 30. */
const longestEnd = 4096;

/** How the agent's last life ended, as our launcher or wrapper wrote it down. Never waits, and never fails: agents can write there. */
export function readEnd(root: string, spec: AgentSpec): EndRead {
  try {
    const read = readRegularSync(pathOf(root, spec), longestEnd);
    const lastEnd = read && parseEnd(read.bytes.toString('utf8'), read.mtimeMs);
    return lastEnd === undefined ? {} : { lastEnd };
  } catch (error) {
    if (error instanceof UnreadableFileError) return { endUnread: error.message };
    throw error;
  }
}

/** Before a start: a launcher that finds anything but a file where it writes the end down could wait there for ever. What lies there is moved aside. */
export async function makeWayForEnd(root: string, spec: AgentSpec): Promise<void> {
  const { endUnread } = readEnd(root, spec);
  if (endUnread === undefined) return;
  const path = pathOf(root, spec);
  await rename(path, `${path}.${randomBytes(6).toString('hex')}.in-the-way`).catch((cause: Error) => {
    throw new SupervisorError(`cannot start ${spec.id}: ${endUnread}`, { cause });
  });
}

/** How long an end may take to be written, in milliseconds. */
const emptyForMs = 100;

/**
 * A shell empties the file a moment before it writes to it. One that a full disk or a power cut has left empty says nothing, and is not
 * waited for; nor is one from the future.
 */
export function isBeingWritten(root: string, spec: AgentSpec): boolean {
  try {
    const file = lstatSync(pathOf(root, spec));
    const ageMs = Date.now() - file.mtimeMs;
    return file.isFile() && file.size === 0 && ageMs >= 0 && ageMs <= emptyForMs;
  } catch {
    return false;
  }
}

/** Resolves when none of these ends is being written any more, or after 100 ms. */
export async function endsWritten(root: string, specs: readonly AgentSpec[], clock: Clock): Promise<void> {
  const until = clock.now() + emptyForMs;
  while (clock.now() < until && specs.some((spec) => isBeingWritten(root, spec))) await clock.sleep(1);
}

function pathOf(root: string, { project, agent }: AgentSpec): string {
  return join(root, 'state', 'muster', 'ends', `${project}-${agent}`);
}

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
export async function howItEnded(root: string, agent: AgentSpec, clock: Clock): Promise<string> {
  await endsWritten(root, [agent], clock);
  const { lastEnd: end, endUnread } = readEnd(root, agent);
  if (endUnread !== undefined) return ` (how is not known: ${endUnread})`;
  if (!end) return '';
  return end.kind === 'exited' ? ` (exit code ${end.code})` : ` (signal ${end.signal})`;
}
