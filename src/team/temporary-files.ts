import { randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
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
