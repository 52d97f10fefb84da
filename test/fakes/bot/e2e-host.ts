import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { inject, onTestFinished } from 'vitest';
import { startCleanUp } from '../../../src/sandbox/clean-up.ts';
import { until } from '../until.ts';
import { type E2eTeam, type TeamOnDisk, writeTeam } from './e2e-agents.ts';
import { cleanEnvironment } from './e2e-bot.ts';
import { muster, type Program, runScript } from './e2e-program.ts';

/** What the host command left behind on the terminal. */
export interface Typed {
  readonly code: number | NodeJS.Signals;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where somebody types the host command. */
export interface Terminal {
  /** Begins `muster WORDS`. */
  begin(...words: readonly string[]): Program;
  /** Types it, and waits for its end. */
  type(...words: readonly string[]): Promise<Typed>;
}

/** `env`: with the team's root and the tmux server, and no setting of Slack's. */
export function terminalIn(directory: string, env: NodeJS.ProcessEnv): Terminal {
  const begin = (verb = 'help', ...words: readonly string[]) => runScript(verb, directory, env, words);
  return {
    begin,
    async type(...words) {
      const program = begin(...words);
      const code = await program.ended();
      return { code, stdout: program.stdout(), stderr: program.stderr() };
    },
  };
}

/** A host with a team and a tmux server of its own, without Slack and without a bot. */
export interface E2eHost extends Terminal {
  readonly team: TeamOnDisk;
  readonly env: NodeJS.ProcessEnv;
  /** A terminal of 80 columns, with a person before it. */
  openScreen(): Promise<Screen>;
}

export interface Screen {
  /** Types the host command; at its end the screen says `code=`. */
  type(words: string): Promise<void>;
  key(...keys: readonly string[]): Promise<void>;
  /** Resolves when what stands there since the last command fits. */
  shows(what: RegExp): Promise<void>;
  text(): Promise<string>;
}

export async function startE2eHostForTest(wanted: E2eTeam): Promise<E2eHost> {
  const cleanUp = await startCleanUp(inject('e2eDirectory'));
  onTestFinished(() => cleanUp.run());
  const { directory } = cleanUp;
  const tmuxTmpdir = join(directory, 'tmux');
  mkdirSync(tmuxTmpdir);
  cleanUp.addTmuxServers(tmuxTmpdir);
  const team = writeTeam(directory, wanted);
  const env = { ...cleanEnvironment(directory), TMUX_TMPDIR: tmuxTmpdir, TEAM_ROOT: team.root };
  return { team, env, ...terminalIn(directory, env), openScreen: () => openScreen(env) };
}

async function openScreen(env: NodeJS.ProcessEnv): Promise<Screen> {
  const tmux = async (...args: readonly string[]) => {
    const { stdout } = await execa('tmux', ['-u', '-L', 'screen', ...args], { env, extendEnv: false });
    return stdout;
  };
  // Inside of tmux the agents would be looked for in this server.
  const shell = 'unset TMUX TMUX_PANE; PS1= exec sh';
  await tmux('-f', '/dev/null', 'new-session', '-d', '-x', '80', '-y', '60', shell);
  return {
    async type(words) {
      await tmux('send-keys', '-l', `clear; '${muster}' ${words}; echo code=$?`);
      await tmux('send-keys', 'Enter');
      await until('the screen is empty', async () => !(await tmux('capture-pane', '-p')).includes('clear; '));
    },
    async key(...keys) {
      await tmux('send-keys', ...keys);
    },
    text: () => tmux('capture-pane', '-p'),
    async shows(what) {
      let last = '';
      await until(
        `the screen shows ${what}`,
        async () => {
          last = (await tmux('capture-pane', '-p')).trimEnd();
          return what.test(last);
        },
        30_000,
      ).catch((cause: unknown) => {
        throw new Error(`the screen never showed ${what}, but:\n${last}`, { cause });
      });
    },
  };
}
