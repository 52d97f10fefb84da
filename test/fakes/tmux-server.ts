import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { execa } from 'execa';

/** A tmux server of a test's own: a private directory, nobody's configuration, and no way to reach the user's server by mistake. */
export interface TmuxServer {
  /** The private directory, canonical; a good place for everything else of the test. */
  readonly directory: string;
  /** Leads every tmux to this server. */
  readonly env: Record<string, string>;
  tmux(...args: string[]): Promise<string>;
  /** Pid of the server, if it runs. */
  pid(): Promise<number | undefined>;
  /** Ends the server with everything in it and removes the directory. */
  stop(): Promise<void>;
}

export function createTmuxServer(extra: Record<string, string> = {}): TmuxServer {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'muster-tmux-')));
  const home = join(directory, 'home');
  mkdirSync(home);
  const env = {
    PATH: process.env.PATH ?? '/usr/bin:/bin',
    HOME: home,
    SHELL: '/bin/sh',
    TERM: 'xterm-256color',
    LANG: 'C.UTF-8',
    TMUX_TMPDIR: directory,
    ...extra,
  };
  const run = (args: readonly string[]) =>
    execa('tmux', ['-u', '-f', '/dev/null', ...args], {
      env,
      extendEnv: false,
      timeout: 10_000,
      reject: false,
    });

  return {
    directory,
    env,
    async tmux(...args) {
      const result = await run(args);
      if (result.failed) throw new Error(`tmux ${args.join(' ')}: ${result.stderr}`);
      return result.stdout;
    },
    async pid() {
      const result = await run(['display-message', '-p', '#{pid}']);
      return result.failed || !result.stdout ? undefined : Number(result.stdout);
    },
    async stop() {
      await run(['kill-server']);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
