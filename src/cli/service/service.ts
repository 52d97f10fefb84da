import { existsSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { replaceFile } from '../../team/write-file.ts';
import { SetupRefusedError } from '../setup/env-file.ts';
import {
  agentsUnitName,
  agentsUnitText,
  botUnitText,
  type TwoUsers,
  unitName,
  userUnitDirectory,
} from './bot-unit.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface Person {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly group: string;
}

/** Throws SetupRefusedError, with what to type, for somebody the host does not know. */
export async function findPerson(name: string, env: Environment): Promise<Person> {
  const ask = (flag: string) =>
    execa('id', [flag, '--', name], { env, extendEnv: false, reject: false, timeout: 5000 });
  const [uid, gid, group] = await Promise.all([ask('-u'), ask('-g'), ask('-gn')]);
  if (uid.failed || gid.failed || group.failed) {
    throw new SetupRefusedError(
      `There is no user ${name} on this host. Make one: useradd --system --create-home --shell /bin/sh ${name}`,
    );
  }
  return { name, uid: Number(uid.stdout), gid: Number(gid.stdout), group: group.stdout };
}

export interface Services {
  readonly manager: 'user' | 'system';
  /** In the order in which they are started. */
  readonly files: readonly ServiceFile[];
}

export interface Place {
  readonly node: string;
  readonly directory: string;
  readonly workingDirectory: string;
  readonly path: string;
  readonly env: Environment;
}

export function userServices({ env, ...bot }: Place): Services {
  const directory = userUnitDirectory(env);
  return { manager: 'user', files: [{ directory, name: unitName, text: botUnitText(bot) }] };
}

export async function systemServices(
  { env, ...bot }: Place,
  who: { readonly bot: Person; readonly agents: Person; readonly root: string },
): Promise<Services> {
  const tmux = await execa('sh', ['-c', 'command -v tmux'], {
    env,
    extendEnv: false,
    reject: false,
    timeout: 5000,
  });
  if (tmux.failed)
    throw new SetupRefusedError('There is no tmux on the PATH. Install it: apt-get install tmux');
  const writable = [join(who.root, 'state'), join(who.root, 'bin')];
  const absent = writable.filter((path) => !existsSync(path));
  if (absent.length > 0) {
    throw new SetupRefusedError(
      `There is no ${absent.join(' and no ')}, which the bot and the agents share. Make it, with the rights in docs/security.md, "Two users".`,
    );
  }
  const users: TwoUsers = {
    bot: who.bot.name,
    agents: who.agents.name,
    group: who.agents.group,
    writable,
  };
  const directory = '/etc/systemd/system';
  return {
    manager: 'system',
    files: [
      { directory, name: agentsUnitName, text: agentsUnitText({ tmux: tmux.stdout, path: bot.path, users }) },
      { directory, name: unitName, text: botUnitText({ ...bot, users }) },
    ],
  };
}

/** Writes what is new, and starts the bot anew; what agents live in only where it does not run. A unit that somebody changed is left, and named, unless it may be replaced. */
export async function install(
  { manager, files }: Services,
  { env, say, mayReplace }: { env: Environment; say: (text: string) => void; mayReplace: boolean },
): Promise<boolean> {
  for (const file of files) {
    const path = join(file.directory, file.name);
    const standing = standingOf(file);
    if (standing === 'different' && !mayReplace) {
      say(`  = ${path} is another one and is kept; --replace writes it anew`);
      continue;
    }
    if (standing !== 'same') await writeService(file);
    say(`  ${{ new: '+', same: '=', different: '~' }[standing]} ${path}`);
    if (standing === 'different' && file.name === agentsUnitName)
      say(`    It counts from systemctl restart ${agentsUnitName} on, which ends the agents`);
  }
  const lasting = files.map(({ name }) => name).filter((name) => name !== unitName);
  const trouble = await enable({ manager, lasting, anew: unitName }, env);
  if (trouble !== undefined) {
    say(`\nThe service is not up: ${trouble}`);
    return false;
  }
  const scope = manager === 'user' ? ' --user' : '';
  say(`\nMuster runs, and starts with the host. Its log: journalctl${scope} --unit muster`);
  return true;
}

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
