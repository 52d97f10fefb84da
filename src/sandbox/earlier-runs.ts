import { lstat, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { endProcess } from './clean-up.ts';
import { endPrivateTmuxServers } from './private-tmux.ts';
import { isAlive } from './process-identity.ts';
import { type RunRecord, runDirectoryPrefix, runRecord, runRecordName } from './run-record.ts';

/** Ends what earlier runs left that were killed before they could; returns their directories. Runs still alive are left alone. */
export async function cleanUpEarlierRuns(parent = tmpdir()): Promise<string[]> {
  const names = (await readdir(parent)).filter((name) => name.startsWith(runDirectoryPrefix));
  const cleaned: string[] = [];
  for (const directory of names.map((name) => join(parent, name))) {
    const record = await readOwnRecord(directory);
    if (!record || (await isAlive(record.owner))) continue;
    for (const identity of record.processes) await endProcess(identity);
    const inside = record.tmuxDirectories.filter((path) => path.startsWith(directory + sep));
    for (const path of inside) await endPrivateTmuxServers(path);
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
    cleaned.push(directory);
  }
  return cleaned;
}

/** The temporary directory is everybody's: a record counts only if it is ours and nobody else could have written it. */
async function readOwnRecord(directory: string): Promise<RunRecord | undefined> {
  try {
    const { uid, mode } = await lstat(directory);
    if (uid !== process.getuid?.() || (mode & 0o022) !== 0) return undefined;
    return runRecord.safeParse(JSON.parse(await readFile(join(directory, runRecordName), 'utf8'))).data;
  } catch (error) {
    // Gone meanwhile, not readable, or cut short by the kill: not ours to judge.
    if (error instanceof SyntaxError || (error instanceof Error && 'code' in error)) return undefined;
    throw error;
  }
}
