import { existsSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { replaceFile } from '../team/write-file.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface ServiceFile {
  readonly directory: string;
  readonly name: string;
  readonly text: string;
}

export type Standing = 'new' | 'same' | 'different';

export function standingOf({ directory, name, text }: ServiceFile): Standing {
  const path = join(directory, name);
  if (!existsSync(path)) return 'new';
  return readFileSync(path, 'utf8') === text ? 'same' : 'different';
}

export async function writeService({ directory, name, text }: ServiceFile): Promise<void> {
  await mkdir(directory, { recursive: true });
  await replaceFile({ within: directory, path: name, content: text, mode: 0o644 });
}

export interface Units {
  readonly manager: 'user' | 'system';
  /** Begun where it does not run, and never ended: agents live in it. */
  readonly lasting: readonly string[];
  readonly anew: string;
}

/** Has the manager read the units and keep them running, now and after every boot. Its own words, where it says no. */
export async function enable(
  { manager, lasting, anew }: Units,
  env: Environment,
): Promise<string | undefined> {
  const units = [...lasting, anew];
  const starts = lasting.length === 0 ? [] : [['start', ...lasting]];
  for (const words of [['daemon-reload'], ['enable', ...units], ...starts, ['restart', anew]]) {
    const said = await execa('systemctl', [`--${manager}`, '--no-ask-password', ...words], {
      env,
      extendEnv: false,
      stdin: 'ignore',
      timeout: 90_000,
      reject: false,
    });
    if (said.timedOut && words[0] === 'restart') {
      return `it is still starting, and goes on with that; systemctl --${manager} status ${anew} says what it waits for`;
    }
    if (said.failed) return `systemctl --${manager} ${words.join(' ')}: ${said.stderr || said.shortMessage}`;
  }
  return undefined;
}
