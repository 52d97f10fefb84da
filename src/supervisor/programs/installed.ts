import { access, constants, stat } from 'node:fs/promises';
import { joinAsWritten } from '../../team/names.ts';

/** Whether agents would find the program: on the PATH they get or, named with a directory, from the team's root. */
export async function isInstalled(
  program: string,
  root: string,
  path: string | undefined = '',
): Promise<boolean> {
  const candidates = program.includes('/')
    ? [joinAsWritten(root, program)]
    : path.split(':').map((directory) => joinAsWritten(directory === '' ? '.' : directory, program));
  for (const candidate of candidates) if (await canRun(candidate)) return true;
  return false;
}

async function canRun(candidate: string): Promise<boolean> {
  try {
    await access(candidate, constants.X_OK);
    return (await stat(candidate)).isFile();
  } catch {
    return false;
  }
}
