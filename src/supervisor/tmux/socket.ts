import { realpathSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import type { Environment } from '../programs/environment.ts';

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
