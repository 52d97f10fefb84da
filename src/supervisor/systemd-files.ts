import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Manager } from './systemd-names.ts';

/** Where the units lie: all of it goes away with a reboot, as do the agents. */
export function unitDirectory(manager: Manager, userRuntimeDirectory: string): string {
  return manager === 'user' ? join(userRuntimeDirectory, 'systemd', 'user') : '/run/systemd/system';
}

export interface UnitFiles {
  readonly environmentFile: (unitName: string) => string;
  /** True if systemd has to read them again. */
  write(unitName: string, unit: string, environment: string): Promise<boolean>;
  /** Lays another budget over that of the unit. */
  writeBudget(unitName: string, text: string): Promise<void>;
  remove(unitName: string): Promise<void>;
}

export function unitFilesIn(directory: string): UnitFiles {
  const unitFile = (unitName: string) => join(directory, unitName);
  const dropIns = (unitName: string) => join(directory, `${unitName}.d`);
  const environmentFile = (unitName: string) => join(directory, `${unitName}.env`);

  return {
    environmentFile,
    async write(unitName, unit, environment) {
      await mkdir(directory, { recursive: true });
      const hadBudget = await removeIfThere(dropIns(unitName));
      await replace(environmentFile(unitName), environment, 0o600);
      if ((await readIfThere(unitFile(unitName))) === unit) return hadBudget;
      await replace(unitFile(unitName), unit, 0o644);
      return true;
    },
    async writeBudget(unitName, text) {
      await mkdir(dropIns(unitName), { recursive: true });
      await replace(join(dropIns(unitName), 'budget.conf'), text, 0o644);
    },
    async remove(unitName) {
      for (const path of [dropIns(unitName), unitFile(unitName), environmentFile(unitName)]) {
        await rm(path, { recursive: true, force: true });
      }
    },
  };
}

let written = 0;

async function replace(path: string, text: string, mode: number): Promise<void> {
  written += 1;
  const temporary = `${path}.${process.pid}.${written}`;
  await writeFile(temporary, text, { mode });
  await chmod(temporary, mode);
  await rename(temporary, path);
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function removeIfThere(path: string): Promise<boolean> {
  try {
    await rm(path, { recursive: true });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
