import { rename } from 'node:fs/promises';
import { stripVTControlCharacters } from 'node:util';
import { openRegular, UnreadableFileError } from '../../team/bounded-read.ts';

const tailBytes = 64 * 1024;

const keptBytes = 4 * 1024 * 1024;

/** The last lines of a file of any size, without the commands for a terminal in it; none if there is no such file, and why it cannot be read if it is none. */
export async function readTail(path: string, count: number): Promise<readonly string[]> {
  const opened = await openRegular(path, 'refused').catch((error) => {
    if (error instanceof UnreadableFileError) return error.message;
    throw error;
  });
  if (typeof opened !== 'object') return opened === undefined ? [] : [opened];
  const { file, stats } = opened;
  try {
    const { size } = stats;
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
  const opened = await openRegular(path, 'refused');
  if (!opened) return;
  await opened.file.close();
  if (opened.stats.size > keptBytes) await rename(path, `${path}.1`);
}
