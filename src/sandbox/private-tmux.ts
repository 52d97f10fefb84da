import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { kill, treesOf } from './process-identity.ts';

const run = promisify(execFile);

/** Ends every tmux server that has its socket under `tmuxTmpdir`, with all that runs in its panes: an agent may ignore the hang-up. */
export async function endPrivateTmuxServers(tmuxTmpdir: string): Promise<void> {
  for (const socket of await socketsUnder(tmuxTmpdir)) {
    const panes = await tmux(socket, ['list-panes', '-a', '-F', '#{pane_pid}']);
    const trees = await treesOf(panes.split('\n').filter(Boolean).map(Number));
    // Before the hang-up, which would have the wrappers write down how their agents ended.
    await Promise.all(trees.map(kill));
    await tmux(socket, ['kill-server']);
  }
}

async function socketsUnder(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(
    (error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
      throw error;
    },
  );
  return entries.filter((entry) => entry.isSocket()).map((entry) => join(entry.parentPath, entry.name));
}

/** Empty when there is no server behind the socket any more. */
async function tmux(socket: string, args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await run('tmux', ['-S', socket, ...args], { timeout: 5_000, killSignal: 'SIGKILL' });
    return stdout;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 1) return '';
    throw error;
  }
}
