import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { execa } from 'execa';
import type { AgentSpec } from '../../../src/domain/agent.ts';
import type { NotedAgent } from '../../../src/domain/stop-record.ts';
import { jobOf } from '../../../src/supervisor/launchd/job.ts';
import {
  LaunchdSupervisor,
  type LaunchdSupervisorOptions,
} from '../../../src/supervisor/launchd/launchd-supervisor.ts';
import { drainThatDies } from '../drain-that-dies.ts';
import { type AgentTreeOnDisk, createAgentTree, isRunning } from '../team/agent-tree-on-disk.ts';
import { until } from '../until.ts';
import { createFakeLaunchd, type FakeLaunchd } from './launchctl-launchd.ts';

export interface LaunchdHarness extends AgentTreeOnDisk {
  readonly env: Record<string, string>;
  readonly supervisor: LaunchdSupervisor;
  supervisorWith(options: Partial<LaunchdSupervisorOptions>): LaunchdSupervisor;
  /** By a Muster that is killed once it has asked; gives what it had noted. */
  drainThatDies(agent: AgentSpec, budgetMs: number): Promise<NotedAgent>;
  launchctl(...args: string[]): Promise<{ readonly code: number | undefined; readonly stdout: string }>;
  target(agent: AgentSpec): string;
  isReady(agent: AgentSpec): boolean;
  lives(agent: AgentSpec): boolean;
  kill(agent: AgentSpec): Promise<void>;
  /** Ends everything that was started, whatever has escaped from its job too, and removes all files. */
  stop(): Promise<void>;
}

/** Agents under the stand-in for launchd. */
export async function createLaunchdHarness({
  secondMs = 1000,
  rootName = 'team',
} = {}): Promise<LaunchdHarness & { readonly launchd: FakeLaunchd }> {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'muster-launchd-')));
  const launchd = await createFakeLaunchd(directory, secondMs);
  const harness = createHarness(
    join(directory, rootName),
    launchd.domain,
    `${launchd.bin}:${process.env.PATH}`,
  );
  return {
    ...harness,
    launchd,
    async stop() {
      for (const job of [...launchd.jobs().values()]) job.remove();
      await harness.stop();
      await launchd.close();
    },
  };
}

/** Agents under the launchd of this Mac. */
export async function createMacHarness(): Promise<LaunchdHarness> {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'muster-launchd-')));
  return createHarness(join(directory, 'team'), `gui/${process.getuid?.()}`, process.env.PATH ?? '');
}

function createHarness(root: string, domain: string, path: string): LaunchdHarness {
  const directory = dirname(root);
  mkdirSync(root);
  const env = { PATH: path, HOME: directory, LANG: 'C', MUSTER_TEST: directory };
  const tree = createAgentTree(root, 'launchd');
  const agents: AgentSpec[] = [];
  const settings = {
    root,
    env,
    domain,
    commandTimeoutMs: 10_000,
    observeTimeoutMs: 10_000,
    settleMs: 150,
  };
  const supervisorWith = (options: Partial<LaunchdSupervisorOptions>) =>
    new LaunchdSupervisor({ ...settings, ...options });
  const lives = (agent: AgentSpec) => {
    const pid = tree.pidOf(agent);
    return pid !== undefined && isRunning(pid);
  };
  const target = (agent: AgentSpec) => `${domain}/${jobOf(root, agent).label}`;
  const launchctl = async (...args: string[]) => {
    const { exitCode: code, stdout } = await execa('launchctl', args, {
      env,
      extendEnv: false,
      reject: false,
    });
    return { code, stdout };
  };

  return {
    ...tree,
    agent(...args) {
      const agent = tree.agent(...args);
      agents.push(agent);
      return agent;
    },
    env,
    supervisor: supervisorWith({}),
    supervisorWith,
    drainThatDies: (agent, budgetMs) =>
      drainThatDies({ backend: 'launchd', options: settings, agent, budgetMs }),
    launchctl,
    target,
    isReady: lives,
    lives,
    async kill(agent) {
      await launchctl('bootout', target(agent));
    },
    async stop() {
      if (process.platform === 'darwin')
        for (const agent of agents) await launchctl('bootout', target(agent));
      await until('everything that was started has gone', () => {
        const left = [...processesWith(`MUSTER_TEST=${directory}`), ...agents.filter(lives).map(tree.pidOf)];
        for (const pid of left) if (pid !== undefined) kill(pid);
        return left.length === 0;
      });
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Where there is no /proc, only the agents' own pids are known. */
function processesWith(marker: string): number[] {
  if (!existsSync('/proc')) return [];
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(marker);
      } catch {
        return false;
      }
    })
    .map(Number)
    .filter((pid) => pid !== process.pid && isRunning(pid));
}
