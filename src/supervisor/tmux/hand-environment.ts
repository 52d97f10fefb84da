import { randomUUID } from 'node:crypto';
import { chmod, lstat, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { directoryInside } from '../../team/write-file.ts';
import { type Environment, renderedNames, withEnvironmentPath } from '../programs/environment.ts';
import { SupervisorError } from '../supervisor.ts';
import { isOfAnotherUser } from './socket.ts';

/** What a terminal, or the shell in it, says about itself; and names that some shells refuse to set. */
const notHanded =
  /^(TERM|TERM_PROGRAM|TERM_PROGRAM_VERSION|COLORTERM|COLUMNS|LINES|TMUX|TMUX_PANE|WINDOWID|STY|PWD|OLDPWD|SHLVL|_|U?ID|EUID|GID|EGID|PPID|BASHOPTS|SHELLOPTS|BASH_VERSINFO|IFS|ENV|BASH_ENV)$/;

export interface HandedEnvironment {
  /** To be put before the program that is to get it. */
  readonly prefix: readonly string[];
  /** Removes what nobody has read. */
  drop(): Promise<void>;
}

/** For a tmux server of another user: agents have that user's environment, as the server has it, and not the bot's. */
const serversEnvironment: HandedEnvironment = {
  prefix: ['/usr/bin/env', ...renderedNames.flatMap((name) => ['-u', name])],
  drop: async () => undefined,
};

/** Far longer than any start takes. */
const staleAfterMs = 10 * 60_000;

/** Lays the environment down for one program to be started, in a file that only we can read and that goes when it has been read. */
export async function handEnvironment(root: string, env: Environment): Promise<HandedEnvironment> {
  if (await isOfAnotherUser(env)) return serversEnvironment;
  const directory = await ownDirectory(root);
  await removeStale(directory);
  const file = join(directory, randomUUID());
  await writeFile(file, scriptOf(env), { mode: 0o600, flag: 'wx' });
  return { prefix: ['/bin/sh', withEnvironmentPath, file], drop: () => rm(file, { force: true }) };
}

/** Agents can write beside it: a link there would have us delete and write elsewhere. */
async function ownDirectory(root: string): Promise<string> {
  const state = await directoryInside(root, 'state/muster');
  const directory = join(state, 'environment');
  const found = await lstat(directory).catch(() => undefined);
  if (found === undefined) await directoryInside(root, 'state/muster/environment');
  else if (!found.isDirectory()) {
    const what = found.isSymbolicLink() ? 'a link' : 'no directory';
    throw new SupervisorError(
      `${directory} is ${what}; expected a directory of Muster's own: remove it, and it is made anew`,
    );
  }
  await chmod(directory, 0o700);
  return directory;
}

/** Names that a shell cannot set would not reach a program through one either. */
export function scriptOf(env: Environment): string {
  const rendered = new Set<string>(renderedNames);
  const isHanded = (name: string) =>
    /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !notHanded.test(name) && !rendered.has(name);
  const lines = Object.entries(env).flatMap(([name, value]) =>
    value !== undefined && isHanded(name) ? [`export ${name}='${value.replaceAll("'", "'\\''")}'\n`] : [],
  );
  return `unset ${renderedNames.join(' ')}\n${lines.join('')}`;
}

/** Of starts that a crash of ours kept from happening. */
async function removeStale(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const path = join(directory, name);
    const found = await lstat(path).catch(() => undefined);
    if (found && Date.now() - found.mtimeMs > staleAfterMs) await rm(path, { force: true });
  }
}
