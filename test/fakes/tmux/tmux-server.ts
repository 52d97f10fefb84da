import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { execa } from 'execa';
import { isRunning } from '../team/agent-tree-on-disk.ts';
import { until } from '../until.ts';

/** A tmux server of a test's own: a private directory, nobody's configuration, and no way to reach the user's server by mistake. */
export interface TmuxServer {
  /** The private directory, canonical; a good place for everything else of the test. */
  readonly directory: string;
  /** Leads every tmux to this server. */
  readonly env: Record<string, string>;
  tmux(...args: string[]): Promise<string>;
  /** Pid of the server, if it runs. */
  pid(): Promise<number | undefined>;
  /**
   * Pids of everything that was started below this server, or carries its directory in the environment for another reason; but not
   * of the shells by which supervisors of ours ask.
   */
  processes(): number[];
  /** Ends the server with everything in it, whatever has escaped from it too, and removes the directory. */
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
    processes,
    async stop() {
      await run(['kill-server']);
      await until('everything that was started has gone', () => {
        const left = processes();
        for (const pid of left) kill(pid);
        return left.length === 0;
      });
      rmSync(directory, { recursive: true, force: true });
    },
  };

  function processes(): number[] {
    return processesWith(`TMUX_TMPDIR=${directory}`).filter((pid) => !isShellOfOurs(pid));
  }
}

/** Whatever has ended by then is no matter. */
export function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Those whose environment has this entry, but for this process. */
export function processesWith(entry: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(entry);
      } catch {
        return false;
      }
    })
    .map(Number)
    .filter((pid) => pid !== process.pid && isRunning(pid));
}

function isShellOfOurs(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8') === '/bin/sh\0-s\0muster\0';
  } catch {
    return false;
  }
}
