import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { AgentSpec } from '../../domain/agent.ts';
import type { NotedAgent } from '../../domain/stop-record.ts';
import { readRegularSync, UnreadableFileError } from '../../team/bounded-read.ts';
import { OutsideDirectoryError, replaceFile } from '../../team/write-file.ts';
import type { FoundAgent } from './found-agent.ts';
import { bootId } from './process-life.ts';
import { noteOf } from './stop-target.ts';

const processFields = { pid: z.number().int().positive(), startTime: z.string() };

const lifeFile = z.object({
  wrapper: z.string(),
  bootId: z.string(),
  incarnation: z.object({ ...processFields, bootId: z.string() }).optional(),
  processes: z.array(z.object({ ...processFields, part: z.enum(['loop', 'agent']) })),
});

const longestFile = 65_536;

/**
 * The agent's life as it was seen last, by whatever process of Muster's: the agent itself and its loop, and nothing that it has
 * started. Agents can write there: it says what to look for, and what may be signalled is decided elsewhere.
 */
export function readLife(root: string, spec: AgentSpec): NotedAgent | undefined {
  const path = join(root, pathOf(spec));
  try {
    const read = readRegularSync(path, longestFile);
    if (read === undefined) return undefined;
    const { wrapper, incarnation, ...life } = lifeFile.parse(JSON.parse(read.bytes.toString('utf8')));
    // Another team's agent of that name is another agent.
    return wrapper === spec.wrapper ? { ...life, ...(incarnation && { incarnation }) } : undefined;
  } catch (error) {
    if (error instanceof UnreadableFileError) return undefined;
    if (error instanceof SyntaxError || error instanceof z.ZodError) return undefined;
    throw error;
  }
}

/** An agent whose life is written down already costs a read. */
export async function keepLife(root: string, found: FoundAgent): Promise<void> {
  const { spec, lead, members } = found;
  const processes = members.filter(({ process, part }) => part === 'loop' || process.pid === lead?.pid);
  await write(root, spec, noteOf({ lead, members: processes }));
}

/** Of a start that seems to have failed: what has outlived the leader of its terminal session is found by that. */
export async function keepStart(root: string, { spec, table }: FoundAgent, leader: number): Promise<void> {
  const startTime = table.get(leader)?.startTime ?? '';
  await write(root, spec, { bootId: bootId(), processes: [{ pid: leader, startTime, part: 'loop' }] });
}

async function write(root: string, spec: AgentSpec, life: NotedAgent): Promise<void> {
  if (isDeepStrictEqual(readLife(root, spec), life)) return;
  const content = `${JSON.stringify({ wrapper: spec.wrapper, ...life })}\n`;
  await replaceFile({ within: root, path: pathOf(spec), content });
}

/** An agent that runs is not called dead for that; should it outlive its session, less of it will be found. */
export function notKept(error: NodeJS.ErrnoException): void {
  if (error.code === undefined && !(error instanceof OutsideDirectoryError)) throw error;
}

/** Nothing of it is left. */
export async function forgetLife(root: string, spec: AgentSpec): Promise<void> {
  await rm(join(root, pathOf(spec)), { force: true });
}

function pathOf({ project, agent }: AgentSpec): string {
  return `state/muster/lives/${project}-${agent}`;
}
