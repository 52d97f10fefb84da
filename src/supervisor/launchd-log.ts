import { type FileHandle, open, rename } from 'node:fs/promises';
import { stripVTControlCharacters } from 'node:util';

const tailBytes = 64 * 1024;
const keptBytes = 4 * 1024 * 1024;

/** The last lines of a file of any size, without the commands for a terminal in it; none if there is no such file. */
export async function readTail(path: string, count: number): Promise<readonly string[]> {
  const file = await openIfThere(path);
  if (!file) return [];
  try {
    const { size } = await file.stat();
    const start = Math.max(0, size - tailBytes);
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(size - start), position: start });
    const lines = stripVTControlCharacters(buffer.toString('utf8', 0, bytesRead))
      .split('\n')
      .map((line) => line.trimEnd());
    if (start > 0) lines.shift();
    while (lines.at(-1) === '') lines.pop();
    return count > 0 ? lines.slice(-count) : [];
  } finally {
    await file.close();
  }
}

/** Before a start: launchd itself lets the file grow for ever. What was printed before is kept once, beside it. */
export async function keepLogSmall(path: string): Promise<void> {
  const file = await openIfThere(path);
  if (!file) return;
  const { size } = await file.stat().finally(() => file.close());
  if (size > keptBytes) await rename(path, `${path}.1`);
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
