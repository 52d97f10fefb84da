import { readFile } from 'node:fs/promises';
import { readRegular, UnreadableFileError } from './bounded-read.ts';
import { wrapperPath } from './names.ts';
import { replaceFile } from './write-file.ts';

/**
 * `foreign`: somebody else's, left alone. `current`: ours already. `newer`: a later version of ours, left alone.
 * `installed` and `upgraded`: ours was written.
 */
export type WrapperResult = 'foreign' | 'current' | 'newer' | 'installed' | 'upgraded';

/** In bytes; somebody else's may be a program. */
const longestWrapper = 4 * 1024 * 1024;

/** Sees to `bin/agent-wrapper.sh`. A wrapper that runs keeps its text: the new one comes in by rename. */
export async function installWrapper(root: string, text?: string): Promise<WrapperResult> {
  const ours = text ?? (await shipped());
  const installed = await readInstalled(wrapperPath(root));
  const result = compare(installed, ours);
  if (result === 'installed' || result === 'upgraded') {
    await replaceFile({ within: root, path: 'bin/agent-wrapper.sh', content: ours, mode: 0o755 });
  }
  return result;
}

/** What agents that are started now are started with: what lies there, or what would be put there first. Undefined if it cannot be read. */
export async function wrapperToBe(root: string): Promise<string | undefined> {
  const ours = await shipped();
  const path = wrapperPath(root);
  const result = compare(await readInstalled(path), ours);
  if (result === 'installed' || result === 'upgraded') return ours;
  const read = await readRegular(path, longestWrapper, 'followed').catch(() => undefined);
  return read?.bytes.toString('utf8');
}

/** Those of these wrappers that are ours, of whatever version. They write down how each life of their agent ends. */
export async function oursAmong(paths: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  const installed = await Promise.all(
    [...paths].map(async (path) => ({ path, text: await readInstalled(path) })),
  );
  return new Set(installed.filter(({ text }) => versionOf(text ?? '') !== undefined).map(({ path }) => path));
}

function shipped(): Promise<string> {
  return readFile(new URL('./agent-wrapper.sh', import.meta.url), 'utf8');
}

function compare(installed: string | undefined, ours: string): WrapperResult {
  if (installed === undefined) return 'installed';
  const version = versionOf(installed);
  if (version === undefined) return 'foreign';
  if (installed === ours) return 'current';
  return version > (versionOf(ours) ?? 0) ? 'newer' : 'upgraded';
}

/** Our mark is the second line, `# muster-wrapper v4`. */
function versionOf(text: string): number | undefined {
  const mark = /^# muster-wrapper v([0-9]+)\s*$/.exec(text.split('\n', 2)[1] ?? '');
  return mark === null ? undefined : Number(mark[1]);
}

/** Undefined if nothing is there that could run. A link is somebody's arrangement and reads as empty, which is foreign; so does what may not be read. */
async function readInstalled(path: string): Promise<string | undefined> {
  try {
    return (await readRegular(path, longestWrapper, 'refused'))?.bytes.toString('utf8');
  } catch (error) {
    if (!(error instanceof UnreadableFileError)) throw error;
    return error.why === 'other-kind' ? undefined : '';
  }
}
