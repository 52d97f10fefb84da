import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentSpec } from '../src/domain/agent.ts';
import { launcherPath } from '../src/supervisor/lifecycle/launcher.ts';
import { TmuxSupervisor } from '../src/supervisor/tmux/tmux-supervisor.ts';
import { type AgentTreeOnDisk, createAgentTree } from '../test/fakes/team/agent-tree-on-disk.ts';
import { createTmuxServer, type TmuxServer } from '../test/fakes/tmux/tmux-server.ts';

/** A private tmux server with a team of cheap programs in it. */
export interface World {
  readonly server: TmuxServer;
  readonly tree: AgentTreeOnDisk;
  readonly supervisor: TmuxSupervisor;
  /** Starts many agents as the supervisor does, without waiting to see each of them live. */
  start(count: number, program: string, wrapper?: string, prefix?: string): Promise<AgentSpec[]>;
}

/** Says how its program's session ends: with it, or with a loop that tells nobody. */
export const wrappers = {
  once: '#!/bin/sh\nPROGRAM\n',
  foreign: '#!/bin/sh\nwhile true; do\n  PROGRAM\n  sleep 5\ndone\n',
};
export const idle = 'echo $$ >$0.pid; exec sleep 1000';

export async function inWorld<T>(work: (world: World) => Promise<T>): Promise<T> {
  const server = createTmuxServer();
  try {
    const root = join(server.directory, 'team');
    mkdirSync(root);
    const tree = createAgentTree(root);
    const supervisor = new TmuxSupervisor({ root, env: server.env, configFile: '/dev/null' });
    return await work({ server, tree, supervisor, start });

    async function start(
      count: number,
      program: string,
      wrapper?: string,
      prefix = 'w',
    ): Promise<AgentSpec[]> {
      const agents = Array.from({ length: count }, (_, index) =>
        tree.agent(`${prefix}${index}`, program, wrapper === undefined ? {} : { wrapper }),
      );
      for (const { session, envFile, wrapper, id } of agents) {
        const program = ['/bin/sh', launcherPath, envFile, wrapper, id];
        await server.tmux('new-session', '-d', '-s', session, '-c', root, '--', ...program);
      }
      return agents;
    }
  } finally {
    await server.stop();
  }
}
