import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentSpec } from '../../../src/domain/agent.ts';
import type { NotedAgent } from '../../../src/domain/stop-record.ts';
import {
  SystemdSupervisor,
  type SystemdSupervisorOptions,
} from '../../../src/supervisor/systemd/systemd-supervisor.ts';
import { drainThatDies } from '../drain-that-dies.ts';
import { type AgentTreeOnDisk, createAgentTree, isRunning } from '../team/agent-tree-on-disk.ts';
import type { SystemdManager } from './systemd-manager.ts';

export interface SystemdHarness extends AgentTreeOnDisk {
  readonly supervisor: SystemdSupervisor;
  /** Another supervisor of the same manager and root. */
  supervisorWith(options: Partial<SystemdSupervisorOptions>): SystemdSupervisor;
  /** By a Muster that is killed once it has asked; gives what it had noted. */
  drainThatDies(agent: AgentSpec, budgetMs: number): Promise<NotedAgent>;
  /** The name of the one unit of this tree that the manager has loaded for the agent. */
  unitOf(agent: AgentSpec): Promise<string>;
  isReady(agent: AgentSpec): boolean;
  lives(agent: AgentSpec): boolean;
  kill(agent: AgentSpec): Promise<void>;
  stop(): Promise<void>;
}

export function createSystemdHarness(manager: SystemdManager, rootName = 'team'): SystemdHarness {
  const place = mkdtempSync(join(manager.directory, 'tree-'));
  const root = join(place, rootName);
  mkdirSync(root, { recursive: true });
  const tree = createAgentTree(root, 'systemd');
  const specs: AgentSpec[] = [];
  const settings = {
    root,
    env: manager.env,
    commandTimeoutMs: 10_000,
    observeTimeoutMs: 10_000,
  };
  const supervisorWith = (options: Partial<SystemdSupervisorOptions>) =>
    new SystemdSupervisor({ ...settings, ...options });
  const supervisor = supervisorWith({});
  const lives = (agent: AgentSpec) => isRunning(tree.pidOf(agent) ?? -1);

  async function unitOf({ project, agent }: AgentSpec): Promise<string> {
    for (const unit of await manager.units()) {
      if (!unit.endsWith(`.${project}.${agent}.service`)) continue;
      const shown = await manager.systemctl('show', '--property=ExecStart', '--value', unit);
      if (shown.includes(root)) return unit;
    }
    throw new Error(`no unit of ${project}:${agent}`);
  }

  return {
    ...tree,
    agent(name, program, more) {
      const spec = tree.agent(name, program, more);
      specs.push(spec);
      return spec;
    },
    supervisor,
    supervisorWith,
    drainThatDies: (agent, budgetMs) =>
      drainThatDies({ backend: 'systemd', options: settings, agent, budgetMs }),
    unitOf,
    isReady: lives,
    lives,
    async kill(agent) {
      const unit = await unitOf(agent);
      await manager.systemctl('kill', '--signal=SIGKILL', unit);
      await manager.systemctl('stop', unit);
    },
    async stop() {
      await Promise.all(specs.map((spec) => supervisor.down(spec)));
      rmSync(place, { recursive: true, force: true });
    },
  };
}
