import { lstatSync } from 'node:fs';
import { dirname } from 'node:path';
import process from 'node:process';
import type { Bar } from '../lifecycle/kill-all.ts';
import { realUidOf } from '../process/process-life.ts';
import type { Environment } from '../programs/environment.ts';
import { isAtSocket, socketPath } from './socket.ts';

/**
 * A tmux server of another user can name any process of the host as its pane's, and that user can write any into our records: only what
 * is that user's own is signalled for it. Root on a server of its own may have agents under every user.
 */
export function barOutsiders(env: Environment, realUid = realUidOf): Bar {
  const socket = socketPath(env);
  return async ({ pid }) => {
    const owner = ownerOf(socket, isAtSocket(env));
    if (owner === undefined) return `nobody can tell whose the tmux server at ${socket} is`;
    const own = process.getuid?.();
    if (owner === own && own === 0) return undefined;
    const uid = await realUid(pid);
    if (uid === owner || uid === undefined) return undefined;
    return `it belongs to user ${uid}, and the tmux server at ${socket} to user ${owner}`;
  };
}

/** As far as it is certain: of a named socket nothing on the way to it may belong to anybody else, who could lead us to another's. */
function ownerOf(socket: string, isNamed: boolean): number | undefined {
  const own = process.getuid?.();
  const uids = stepsTo(socket).map(uidOf);
  const there = uids.at(-1);
  if (!isNamed && (there === undefined || there === own)) return own;
  const users = new Set(uids.filter((uid) => uid !== undefined && uid !== 0));
  if (users.size > 1) return undefined;
  const [user] = users;
  if (there === undefined) return user;
  return user === undefined || user === there ? there : undefined;
}

function stepsTo(path: string): readonly string[] {
  const above = dirname(path);
  return above === path ? [path] : [...stepsTo(above), path];
}

function uidOf(path: string): number | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.uid;
  } catch {
    return undefined;
  }
}
