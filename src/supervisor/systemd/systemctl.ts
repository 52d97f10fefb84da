import process from 'node:process';
import type { Environment } from '../programs/environment.ts';
import { runInTime } from '../programs/run-in-time.ts';
import type { Manager } from './unit-file.ts';

export type SystemdAnswer =
  | { readonly kind: 'done'; readonly output: string }
  /** The program ran and ended with an error. */
  | { readonly kind: 'failed'; readonly reason: string }
  /** The program could not be run, or did not end in time. */
  | { readonly kind: 'unknown'; readonly reason: string };

/** Runs one of systemd's programs. */
export type RunProgram = (
  program: 'systemctl' | 'journalctl',
  args: readonly string[],
  timeoutMs?: number,
) => Promise<SystemdAnswer>;

export interface RunOptions {
  /** Decides where the programs are found, and by `XDG_RUNTIME_DIR` which user's manager is meant. */
  readonly env: Environment;
  readonly manager: Manager;
  readonly timeoutMs: number;
}

/** The one door to systemd. */
export function createRunProgram({ env, manager, timeoutMs }: RunOptions): RunProgram {
  const own = { LC_ALL: 'C.UTF-8', SYSTEMD_COLORS: '0', XDG_RUNTIME_DIR: userRuntimeDirectory(env) };
  const general = {
    systemctl: [`--${manager}`, '--no-pager', '--no-ask-password'],
    journalctl: ['--no-pager', '--quiet'],
  };

  return async (program, args, limitMs = timeoutMs) => {
    const words = [...general[program], ...args];
    return runInTime(program, words, { env: { ...env, ...own }, limitMs, verb: `${program} ${args[0]}` });
  };
}

/** A bot that runs as a service of the host knows its user's directory only by convention. */
export function userRuntimeDirectory(env: Environment): string {
  return env.XDG_RUNTIME_DIR || `/run/user/${process.getuid?.()}`;
}
