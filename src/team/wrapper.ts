import { lstat, readFile } from 'node:fs/promises';
import { wrapperPath } from './names.ts';
import { replaceFile } from './write-file.ts';

/**
 * `foreign`: somebody else's, left alone. `current`: ours already. `newer`: a later version of ours, left alone.
 * `installed` and `upgraded`: ours was written.
 */
export type WrapperResult = 'foreign' | 'current' | 'newer' | 'installed' | 'upgraded';

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

/** What agents that are started now are started with: what lies there, or what would be put there first. */
export async function wrapperToBe(root: string): Promise<string> {
  const ours = await shipped();
  const path = wrapperPath(root);
  const result = compare(await readInstalled(path), ours);
  return result === 'installed' || result === 'upgraded'
    ? ours
    : await readFile(path, 'utf8').catch(() => '');
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

/** Undefined if nothing is there. A link is somebody's arrangement and reads as empty, which is foreign. */
async function readInstalled(path: string): Promise<string | undefined> {
  try {
    return (await lstat(path)).isFile() ? await readFile(path, 'utf8') : '';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
