import type { Environment } from '../programs/environment.ts';
import { type Run, runInTime } from '../programs/run-in-time.ts';
import { isAtSocket, probe, socketPath } from './socket.ts';

export type TmuxAnswer =
  | { readonly kind: 'done'; readonly output: string }
  /** There is no server, and so there is nothing in it. */
  | { readonly kind: 'absent' }
  /** A server is there and said no. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** tmux could not be asked. */
  | { readonly kind: 'unknown'; readonly reason: string };

/** Runs tmux commands one after the other, as one request; the first that fails ends it. */
export type Tmux = (commands: readonly (readonly string[])[], timeoutMs?: number) => Promise<TmuxAnswer>;

export interface TmuxOptions {
  /** Decides where tmux is found and which server is meant (`TMUX`, `TMUX_TMPDIR`); a server that has to be started inherits it. */
  readonly env: Environment;
  readonly timeoutMs: number;
  /** In place of the configuration files that tmux reads when its server starts. */
  readonly configFile?: string;
  /** What runs it, with this environment. */
  readonly run?: Run;
  /** Makes the command that is run instead of this one. */
  readonly through?: (command: readonly string[]) => readonly string[];
}

/** The one door to tmux. `-u`: without it, in a plain locale, tmux answers `_` for every tab. */
export function createTmux({
  env,
  timeoutMs,
  configFile,
  run = (program, args, running) => runInTime(program, args, { env, ...running }),
  through = (command) => command,
}: TmuxOptions): Tmux {
  const general = [
    '-u',
    ...(configFile === undefined ? [] : ['-f', configFile]),
    ...(isAtSocket(env) ? ['-N'] : []),
  ];

  return async (commands, limitMs = timeoutMs) => {
    const verb = `tmux ${commands[0]?.[0]}`;
    const [program = 'tmux', ...args] = through(['tmux', ...general, ...toArguments(commands)]);
    const ran = await run(program, args, { limitMs, verb });
    if (ran.kind !== 'failed') return ran;
    const server = await probe(socketPath(env));
    if (server === 'absent') return { kind: 'absent' };
    return { kind: server === 'there' ? 'refused' : 'unknown', reason: ran.reason };
  };
}

/** tmux takes a `;` at the end of any argument for the end of the command. */
export function toArguments(commands: readonly (readonly string[])[]): string[] {
  return commands.flatMap((command, index) => [
    ...(index === 0 ? [] : [';']),
    ...command.map((argument) => argument.replace(/;$/, '\\;')),
  ]);
}

/** For arguments in which tmux expands formats: `#(...)` there would run a program. */
export function literally(text: string): string {
  return text.replaceAll('#', '##');
}

/**
 * The same tmux, but only so many commands at a time: of a hundred clients at once each would be slow enough to be given up. The
 * time a command waits for its turn does not count against it.
 */
export function inTurns(tmux: Tmux, atOnce: number): Tmux {
  const waiting: (() => void)[] = [];
  let running = 0;

  return async (commands, timeoutMs) => {
    if (running < atOnce) running += 1;
    else await new Promise<void>((begin) => waiting.push(begin));
    try {
      return await tmux(commands, timeoutMs);
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
