import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, type Stats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';

type Why = 'link' | 'other-kind' | 'too-long' | 'denied';

/**
 * What lies at the path is no regular file that may be read, of the length that is allowed there. The message says what was found, what
 * was expected and how to mend it.
 */
export class UnreadableFileError extends Error {
  override readonly name = 'UnreadableFileError';
  /** `other-kind`: neither a file nor a link. `denied`: we may not read it, or not get there. */
  readonly why: Why;
  /** Without the path: `a directory`, `a link`, `20000 bytes long, ...`. */
  readonly found: string;

  constructor(path: string, why: Why, found: string, options: ErrorOptions = {}) {
    super(`${path} is ${found}; expected a regular file: remove it, or put one in its place`, options);
    this.why = why;
    this.found = found;
  }
}

export interface ReadFile {
  readonly bytes: Buffer;
  readonly mtimeMs: number;
}

/** `refused`: where only programs write, under `state/`. `followed`: where people keep files, and may keep links to them. */
export type Links = 'refused' | 'followed';

/**
 * Reads a file that others can write, without waiting for anybody: no pipe, no device, nothing over `maxBytes`, and, by its last part,
 * no link. Undefined if nothing is there. Throws `UnreadableFileError`.
 */
export function readRegularSync(path: string, maxBytes: number): ReadFile | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, flagsFor('refused'));
    const { size, mtimeMs } = checked(path, fstatSync(file), maxBytes);
    const bytes = Buffer.alloc(size);
    let length = 0;
    for (let read = -1; read !== 0 && length < size; length += read) {
      read = readSync(file, bytes, length, size - length, length);
    }
    return { bytes: bytes.subarray(0, length), mtimeMs };
  } catch (error) {
    return undefinedIfMissing(path, 'refused', error);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** The same, without keeping the process from anything else. */
export async function readRegular(
  path: string,
  maxBytes: number,
  links: Links,
): Promise<ReadFile | undefined> {
  const opened = await openRegular(path, links);
  if (opened === undefined) return undefined;
  const { file, stats } = opened;
  try {
    const { size, mtimeMs } = checked(path, stats, maxBytes);
    const bytes = Buffer.alloc(size);
    let length = 0;
    for (let read = -1; read !== 0 && length < size; length += read) {
      read = (await file.read(bytes, length, size - length, length)).bytesRead;
    }
    return { bytes: bytes.subarray(0, length), mtimeMs };
  } finally {
    await file.close();
  }
}

/** For a file of any length of which only a part is read. Undefined if nothing is there. Throws `UnreadableFileError`. */
export async function openRegular(
  path: string,
  links: Links,
): Promise<{ readonly file: FileHandle; readonly stats: Stats } | undefined> {
  let file: FileHandle | undefined;
  try {
    // Some devices do something as soon as they are opened.
    if (links === 'followed') checked(path, await stat(path));
    file = await open(path, flagsFor(links));
    return { file, stats: checked(path, await file.stat()) };
  } catch (error) {
    await file?.close();
    return undefinedIfMissing(path, links, error);
  }
}

/** For a file that a library opens by itself. Throws `UnreadableFileError` where something else than a regular file lies there. */
export function refuseOtherKinds(path: string): void {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats?.isSymbolicLink()) throw new UnreadableFileError(path, 'link', 'a link');
  if (stats !== undefined) checked(path, stats);
}

function flagsFor(links: Links): number {
  const { O_RDONLY, O_NONBLOCK, O_NOCTTY, O_NOFOLLOW } = constants;
  return O_RDONLY | O_NONBLOCK | O_NOCTTY | (links === 'refused' ? O_NOFOLLOW : 0);
}

function checked(path: string, stats: Stats, maxBytes = Number.POSITIVE_INFINITY): Stats {
  if (!stats.isFile()) throw new UnreadableFileError(path, 'other-kind', kindOf(stats));
  if (stats.size <= maxBytes) return stats;
  throw new UnreadableFileError(
    path,
    'too-long',
    `${stats.size} bytes long, over the limit of ${Math.round(maxBytes / 1024)} KiB`,
  );
}

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return 'a directory';
  if (stats.isFIFO()) return 'a named pipe';
  return stats.isSocket() ? 'a socket' : 'a device';
}

function undefinedIfMissing(path: string, links: Links, error: unknown): undefined {
  if (error instanceof UnreadableFileError) throw error;
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  if (code === 'ENOENT') return undefined;
  if (code === 'ELOOP') {
    const found = links === 'refused' ? 'a link' : 'a link that leads back to itself';
    throw new UnreadableFileError(path, 'link', found, { cause: error });
  }
  if (code === 'ENXIO') throw new UnreadableFileError(path, 'other-kind', 'a socket', { cause: error });
  throw new UnreadableFileError(path, 'denied', `not to be read (${code})`, { cause: error });
}
