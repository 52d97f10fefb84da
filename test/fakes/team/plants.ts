import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** What somebody may lay where Muster reads a file; each replaces what was there. */
export const plants = {
  'a directory': (path: string) => mkdirSync(path),
  'a named pipe': (path: string) => pipe(path),
  'a link to a named pipe': (path: string) => {
    pipe(`${path}.pipe`);
    symlinkSync(`${path}.pipe`, path);
  },
  'a link to a directory': (path: string) => symlinkSync('/', path),
  'a link to nowhere': (path: string) => symlinkSync(`${path}.nowhere`, path),
  'a link to itself': (path: string) => symlinkSync(path, path),
  'a link to a device that never ends': (path: string) => symlinkSync('/dev/zero', path),
  'a file of 1.5 GB': (path: string) => {
    writeFileSync(path, '');
    truncateSync(path, 1_500 * 1024 * 1024);
  },
  'an empty file from the future': (path: string) => {
    writeFileSync(path, '');
    utimesSync(path, 4_000_000_000, 4_000_000_000);
  },
  'a file for nobody, full of letters': (path: string) => writeFileSync(path, 'letters', { mode: 0 }),
} as const;

export type Plant = keyof typeof plants;

export const everyPlant = Object.keys(plants) as readonly Plant[];

export function lay(plant: Plant, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  for (const old of [path, `${path}.pipe`]) rmSync(old, { recursive: true, force: true });
  plants[plant](path);
}

function pipe(path: string): void {
  execFileSync('mkfifo', [path]);
}
