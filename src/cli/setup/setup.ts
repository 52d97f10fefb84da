import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'dotenv';
import type { Words } from '../../language/read-words.ts';
import { type SettingName, settingNames } from '../../settings.ts';
import { agentEnvironment } from '../../supervisor/programs/environment.ts';
import { userName } from '../../supervisor/programs/user-name.ts';
import { findTeamRoot, TeamNotFoundError } from '../../team/discover.ts';
import { renderReport } from '../doctor/report.ts';
import { diagnose } from '../doctor/run-checks.ts';
import { agentsSocket } from '../service/bot-unit.ts';
import {
  findPerson,
  install,
  type Person,
  type Place,
  type Services,
  systemServices,
  userServices,
} from '../service/service.ts';
import { InputEndedError, openTerminal, type Terminal } from '../terminal/prompt.ts';
import { styleOf } from '../terminal/style.ts';
import { appLink } from './app-link.ts';
import { SetupRefusedError, writeEnv } from './env-file.ts';
import { EnvTextError } from './env-text.ts';
import { type Options, readOptions } from './options.ts';

const directory = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');

/** What the steps work with. */
interface Desk {
  readonly options: Options;
  readonly process: NodeJS.Process;
  readonly terminal: Terminal;
  readonly envPath: string;
}

/** Sets Muster up; resolves with 0 if all of it was done. Throws UsageError. */
export async function run(words: Words, process: NodeJS.Process): Promise<number> {
  const options = readOptions(words);
  const terminal = openTerminal(process.stdin, process.stdout);
  try {
    return await setUp({ options, process, terminal, envPath: join(process.cwd(), '.env') });
  } catch (error) {
    const isExpected = [SetupRefusedError, TeamNotFoundError, EnvTextError, InputEndedError].some(
      (kind) => error instanceof kind,
    );
    if (!isExpected) throw error;
    process.stderr.write(`${(error as Error).message}\n`);
    return 1;
  } finally {
    terminal.close();
  }
}

async function setUp(desk: Desk): Promise<number> {
  const { options, process, terminal, envPath } = desk;
  const { yes, replace } = options;
  terminal.say(`Muster's set-up. Settings go to ${envPath}; nothing is written before you have seen it.`);
  const root = findTeam(desk);
  terminal.say(`The team: ${root}`);
  if (!yes) {
    terminal.say(`
The app: if your workspace has none yet, open this, choose the workspace, Create, then Install App.
${appLink(readFileSync(join(directory, 'manifest.json'), 'utf8'))}`);
  }
  const people = options.service === 'system' ? await twoPeople(desk) : undefined;
  const found = new Map<SettingName, string>([['TEAM_ROOT', root]]);
  if (people !== undefined) found.set('TMUX_SOCKET', agentsSocket).set('MUSTER_STATE_DIR', '/var/lib/muster');
  const services = people ? await systemServices(place(process), { ...people, root }) : undefined;
  const isWritten = await writeEnv({
    ...{ path: envPath, inherited: process.env, found, terminal, asks: !yes, mayReplace: replace },
    ...(people ? { owner: people.bot } : {}),
  });
  if (!isWritten) {
    terminal.say('Nothing was written.');
    return 1;
  }
  await report(people, desk);
  return (await offerService(services, desk)) ? 0 : 1;
}

function findTeam({ envPath, process }: Desk): string {
  const inFile = parse(readIfThere(envPath)).TEAM_ROOT;
  const cwd = process.env.INIT_CWD ?? process.cwd();
  return findTeamRoot({ root: process.env.TEAM_ROOT || inFile, env: process.env, cwd });
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return '';
    throw new SetupRefusedError(`${path} cannot be read (${code}). Run the set-up as its owner.`, {
      cause: error,
    });
  }
}

async function twoPeople({
  options,
  process,
}: Desk): Promise<{ readonly bot: Person; readonly agents: Person }> {
  const { botUser, agentsUser } = options;
  if (process.getuid?.() !== 0) {
    throw new SetupRefusedError(
      'Only root may install services of the host: run it with sudo, or use --service user.',
    );
  }
  if (botUser === agentsUser) {
    throw new SetupRefusedError(
      `The bot and the agents cannot both be ${botUser} here: that is what --service user is for.`,
    );
  }
  return { bot: await findPerson(botUser, process.env), agents: await findPerson(agentsUser, process.env) };
}

/** `system`: what was prepared for the host's own manager. */
async function offerService(system: Services | undefined, desk: Desk): Promise<boolean> {
  const { options, process, terminal } = desk;
  const wanted = options.service ?? (options.yes ? 'none' : await askForService(desk));
  if (wanted === 'none') return true;
  const say = (text: string) => terminal.say(text);
  say('');
  const services = system ?? userServices(place(process));
  const runs = await install(services, { env: process.env, say, mayReplace: options.replace });
  const user = userName(process.getuid?.() ?? 0);
  if (system === undefined && !existsSync(`/var/lib/systemd/linger/${user}`)) {
    say(`It ends when ${user} logs out, unless ${user} lingers: loginctl enable-linger ${user}`);
  }
  return runs;
}

function place(process: NodeJS.Process): Place {
  return {
    node: process.execPath,
    directory,
    workingDirectory: process.cwd(),
    path: agentEnvironment(process.env, settingNames).PATH ?? '/usr/local/bin:/usr/bin:/bin',
    env: process.env,
  };
}

async function askForService({ process, terminal }: Desk): Promise<'user' | 'none'> {
  if (process.platform !== 'linux') return 'none';
  const answer = await terminal.ask(
    '\nInstall Muster as your own service of systemd? (For a service of the host: docs/security.md) [y/N] ',
  );
  return /^y(es)?$/i.test(answer) ? 'user' : 'none';
}

async function report(
  people: { readonly bot: Person } | undefined,
  { process, terminal }: Desk,
): Promise<void> {
  if (people !== undefined) {
    terminal.say(
      `\nHave the doctor look at it, as the bot: sudo -u ${people.bot.name} ${join(directory, 'bin/muster')} doctor`,
    );
    return;
  }
  const ours: readonly string[] = settingNames;
  const inherited = Object.entries(process.env).filter(([name]) => !ours.includes(name));
  const { results } = await diagnose(Object.fromEntries(inherited), process.cwd());
  terminal.say(`\nThe doctor says:\n\n${renderReport(results, styleOf(process, 120))}`);
}
