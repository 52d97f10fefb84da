import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentSpec } from '../../../src/domain/agent.ts';
import type { NotedAgent } from '../../../src/domain/stop-record.ts';
import { TmuxSupervisor, type TmuxSupervisorOptions } from '../../../src/supervisor/tmux/tmux-supervisor.ts';
import { drainThatDies } from '../drain-that-dies.ts';
import { type AgentTreeOnDisk, createAgentTree, isRunning } from '../team/agent-tree-on-disk.ts';
import { createTmuxServer, type TmuxServer } from './tmux-server.ts';

export interface TmuxHarness extends AgentTreeOnDisk {
  readonly server: TmuxServer;
  readonly supervisor: TmuxSupervisor;
  /** Another supervisor of the same server and root. */
  supervisorWith(options: Partial<TmuxSupervisorOptions>): TmuxSupervisor;
  /** By a Muster that is killed once it has asked; gives what it had noted. */
  drainThatDies(agent: AgentSpec, budgetMs: number): Promise<NotedAgent>;
  isReady(agent: AgentSpec): boolean;
  lives(agent: AgentSpec): boolean;
  kill(agent: AgentSpec): Promise<void>;
  stop(): Promise<void>;
}

export function createTmuxHarness(rootName = 'team', env: Record<string, string> = {}): TmuxHarness {
  const server = createTmuxServer(env);
  const root = join(server.directory, rootName);
  mkdirSync(root, { recursive: true });
  const tree = createAgentTree(root);
  const settings = {
    root,
    env: server.env,
    configFile: '/dev/null',
    commandTimeoutMs: 10_000,
  };
  const supervisorWith = (options: Partial<TmuxSupervisorOptions>) =>
    new TmuxSupervisor({ ...settings, ...options });
  const lives = (agent: AgentSpec) => isRunning(tree.pidOf(agent));

  return {
    ...tree,
    server,
    supervisor: supervisorWith({ observeTimeoutMs: 10_000 }),
    supervisorWith,
    drainThatDies: (agent, budgetMs) =>
      drainThatDies({ backend: 'tmux', options: settings, agent, budgetMs }),
    isReady: lives,
    lives,
    async kill({ session }) {
      await server.tmux('kill-session', '-t', `=${session}:`);
    },
    stop: server.stop,
  };
}
