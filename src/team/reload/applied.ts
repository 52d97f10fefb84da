import * as z from 'zod';
import type { AgentId, AgentSpec } from '../../domain/agent.ts';
import { readRegular, UnreadableFileError } from '../bounded-read.ts';
import { byByteOrder, joinAsWritten } from '../names.ts';
import { longestEnvFile } from '../secrets.ts';
import { replaceFile } from '../write-file.ts';
import { type Fingerprint, fingerprint } from './fingerprint.ts';
import {
  formatSnapshot,
  longestSnapshot,
  readSnapshot,
  type Snapshot,
  type SnapshotRead,
} from './snapshot.ts';
import type { StartedWith } from './started-with.ts';

/** `state/applied.json`, and what Muster remembers beside it in `state/muster/started.json`. */
export interface Applied {
  readonly snapshot: SnapshotRead;
  /** What is there now, and the version by somebody else that all of Muster's writes since go back to: the same as long as only Muster wrote. */
  readonly version: Fingerprint;
  readonly base: Fingerprint;
  /** Empty once somebody else wrote the snapshot: they may have restarted anything. */
  readonly startedWith: ReadonlyMap<AgentId, StartedWith>;
}

const startedFile = 'state/muster/started.json';

const startedSchema = z.object({
  base: z.string(),
  /** The snapshot before and after the last write: this file goes first, so after a crash either may lie there. */
  versions: z.array(z.string()),
  agents: z.record(
    z.templateLiteral([z.string(), ':', z.string()]),
    z.object({ supervisor: z.string(), wrapper: z.string(), runtime: z.string(), runtimeFile: z.string() }),
  ),
});

/** Another writer of ours may be between its two files: read until both belong together. */
export async function readApplied(root: string): Promise<Applied> {
  for (let tries = 1; ; tries++) {
    const started = await readStarted(root);
    const snapshot = await readSnapshot(root);
    if (tries < 10 && started !== (await readStarted(root))) continue;
    return appliedOf(snapshot, started);
  }
}

/** For whoever is the team's one writer, and has read `before` as such. */
export async function writeApplied(
  root: string,
  before: Applied,
  { snapshot, startedWith }: { readonly snapshot: Snapshot; readonly startedWith: Applied['startedWith'] },
): Promise<void> {
  const content = formatSnapshot(snapshot);
  const started = {
    base: before.base,
    versions: [before.version, fingerprint(content)],
    agents: Object.fromEntries([...startedWith].sort(([left], [right]) => byByteOrder(left, right))),
  };
  await replaceFile({ within: root, path: startedFile, content: JSON.stringify(started, null, 2) });
  await replaceFile({ within: root, path: 'state/applied.json', content });
}

function appliedOf(snapshot: SnapshotRead, started: string): Applied {
  const version = fingerprint(snapshot.bytes ?? '');
  const parsed = startedSchema.safeParse(parsedJson(started));
  if (!parsed.success || !parsed.data.versions.includes(version)) {
    return { snapshot, version, base: version, startedWith: new Map() };
  }
  const { base, agents } = parsed.data;
  return {
    snapshot,
    version,
    base,
    startedWith: new Map(Object.entries(agents) as [AgentId, StartedWith][]),
  };
}

/** Not there or not to be read: whatever it said is forgotten, which at worst leaves a changed wrapper unnoticed. */
async function readStarted(root: string): Promise<string> {
  try {
    const read = await readRegular(joinAsWritten(root, startedFile), longestSnapshot, 'refused');
    return read?.bytes.toString('utf8') ?? '';
  } catch (error) {
    if (error instanceof UnreadableFileError) return '';
    throw error;
  }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The spec with the runtime its env file names: for an agent known from the snapshot alone, which does not say. Throws `UnreadableFileError`. */
export async function withRecordedRuntime(spec: AgentSpec): Promise<AgentSpec> {
  const read = await readRegular(spec.envFile, longestEnvFile, 'refused');
  const runtime = /^RUNTIME=(.+)$/m.exec(read?.bytes.toString('utf8') ?? '')?.[1];
  return runtime === undefined ? spec : { ...spec, runtime };
}
