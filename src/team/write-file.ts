import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { joinAsWritten, writtenDirectories } from './names.ts';

/** Where a file's new content is made ready, beside it. */
export function temporaryPath(directory: string, name: string): string {
  return join(directory, `.${name}.${randomBytes(6).toString('hex')}.tmp`);
}

/** Removes what writers that were killed left behind. Only for whoever is the team's one writer: a living one's would go too. */
export async function sweepTemporaryFiles(root: string): Promise<void> {
  for (const directory of writtenDirectories) {
    const path = joinAsWritten(root, directory);
    const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (!entry.isFile() || !/^\..+\.[0-9a-f]{12}\.tmp$/.test(entry.name)) continue;
      await rm(join(path, entry.name), { force: true });
    }
  }
}

export interface Replacement {
  /** The directory nothing may be written outside of. */
  readonly within: string;
  /** Relative to `within`. Missing directories are made. */
  readonly path: string;
  readonly content: string | Uint8Array;
  /** Without it an existing file keeps its mode and a new one gets the default (0666 less the umask). */
  readonly mode?: number;
}

/** A write that would have ended up outside the directory it was meant for. */
export class OutsideDirectoryError extends Error {
  override readonly name = 'OutsideDirectoryError';
}

/**
 * Puts a file in place whole or not at all, also if the power fails midway: a reader sees the old content or the new.
 * A directory that lies there is moved aside, to a name that ends in `.in-the-way`.
 * Throws OutsideDirectoryError if the way to it leads out of `within`, by `..` or by a symbolic link.
 */
export async function replaceFile({ within, path, content, mode }: Replacement): Promise<void> {
  const directory = await directoryInside(within, dirname(path));
  const target = join(directory, basename(path));
  const temporary = temporaryPath(directory, basename(path));
  const found = await stat(target).catch(() => undefined);
  const before = found?.isFile() ? found : undefined;

  const file = await open(temporary, 'wx', before === undefined ? 0o666 : 0o600);
  try {
    try {
      await file.writeFile(content);
      if (before !== undefined) await keepOwner(file, before);
      const wanted = mode ?? (before === undefined ? undefined : before.mode & 0o7777);
      if (wanted !== undefined) await file.chmod(wanted);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, target).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EISDIR') throw error;
      await rename(target, `${temporary}.in-the-way`);
      await rename(temporary, target);
    });
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncDirectory(directory);
}

/** The real path of `within`/`path`, made if need be; every step is checked before the next is taken. */
export async function directoryInside(within: string, path: string): Promise<string> {
  const top = await realpath(within);
  let directory = top;
  for (const part of path.split('/').filter((name) => name !== '' && name !== '.')) {
    const next = join(directory, part);
    await mkdir(next).then(
      () => syncDirectory(directory),
      (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      },
    );
    directory = await realpath(next);
    if (!isInside(top, directory)) {
      throw new OutsideDirectoryError(
        `${join(within, path)} leads to ${directory}, which is outside ${top}; nothing was written. Replace the link by a directory.`,
      );
    }
  }
  return directory;
}

export function isInside(directory: string, path: string): boolean {
  const way = relative(directory, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !way.startsWith(sep);
}

/** A bot with more rights than the person who runs the agents must not take their files from them. */
async function keepOwner(file: FileHandle, before: { uid: number; gid: number }): Promise<void> {
  const now = await file.stat();
  if (now.uid === before.uid && now.gid === before.gid) return;
  await file.chown(before.uid, before.gid).catch(() => undefined);
}

/** Without it a crash can undo the rename. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
