import { realpathSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import { type Run, runInTime } from './run-in-time.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

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

/** Where tmux itself would look: the server we are inside of, else the user's own in `TMUX_TMPDIR`, else in /tmp if that isn't a directory. */
export function socketPath(env: Environment): string {
  const inside = env.TMUX?.split(',')[0];
  if (inside) return inside;
  return join(
    existing(env.TMUX_TMPDIR) ?? existing('/tmp') ?? '/tmp',
    `tmux-${process.getuid?.()}`,
    'default',
  );
}

/**
 * Leads every tmux with this environment to the server behind the socket, if one is named. It is somebody else's: where there is
 * none, none is started, which would run the agents as the bot's own user.
 */
export function atSocket(env: Record<string, string>, socket: string | undefined): Record<string, string> {
  return socket === undefined ? env : { ...env, TMUX: `${socket}${noServersPid}` };
}

/** In `TMUX` the pid of the server stands behind its socket; nobody reads it, and no server has this one. */
const noServersPid = ',0,0';

export function isAtSocket(env: Environment): boolean {
  return env.TMUX?.endsWith(noServersPid) ?? false;
}

/** Whether the server that is meant belongs to somebody else, who has let us in. */
export async function isOfAnotherUser(env: Environment): Promise<boolean> {
  const socket = await stat(socketPath(env)).catch(() => undefined);
  return socket !== undefined && socket.uid !== process.getuid?.();
}

function existing(directory: string | undefined): string | undefined {
  if (!directory) return undefined;
  try {
    return realpathSync(directory);
  } catch {
    return undefined;
  }
}

/** Whether a server listens is asked of its socket: tmux's own words about it differ by version and situation. */
export function probe(path: string): Promise<'there' | 'absent' | 'unreadable'> {
  return new Promise((resolve) => {
    const socket = connect(path, () => {
      socket.destroy();
      resolve('there');
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code === 'ENOENT' || error.code === 'ECONNREFUSED' ? 'absent' : 'unreadable');
    });
  });
}
