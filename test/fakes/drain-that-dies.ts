import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { AgentSpec } from '../../src/domain/agent.ts';
import type { NotedAgent } from '../../src/domain/stop-record.ts';
import type { BackendOptions } from '../../src/supervisor/backends.ts';
import { LaunchdSupervisor } from '../../src/supervisor/launchd/launchd-supervisor.ts';
import { type Clock, systemClock } from '../../src/supervisor/process/clock.ts';
import { SystemdSupervisor } from '../../src/supervisor/systemd/systemd-supervisor.ts';
import { TmuxSupervisor } from '../../src/supervisor/tmux/tmux-supervisor.ts';

const supervisors = { tmux: TmuxSupervisor, systemd: SystemdSupervisor, launchd: LaunchdSupervisor };

export interface DrainOrder {
  readonly backend: keyof typeof supervisors;
  /** Of that back-end; they survive JSON. */
  readonly options: BackendOptions;
  readonly agent: AgentSpec;
  readonly budgetMs: number;
}

/** Begins the drain in a process of its own, which is killed as soon as it has asked; gives what that had noted. */
export async function drainThatDies(order: DrainOrder): Promise<NotedAgent> {
  const cache = { NODE_COMPILE_CACHE: join(import.meta.dirname, '../../node_modules/.cache/muster-tests') };
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), JSON.stringify(order)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...cache },
  });
  const [noted, complaints, [code, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  if (signal !== 'SIGKILL') throw new Error(`the drain was not killed, it ended with ${code}: ${complaints}`);
  return JSON.parse(noted) as NotedAgent;
}

if (import.meta.main) {
  const { backend, options, agent, budgetMs } = JSON.parse(process.argv[2] ?? '') as DrainOrder;
  let hasNoted = false;
  const clock: Clock = {
    ...systemClock,
    async sleep(...rest) {
      if (hasNoted) process.kill(process.pid, 'SIGKILL');
      await systemClock.sleep(...rest);
    },
  };
  const onNoted = (noted: NotedAgent) => {
    writeSync(1, JSON.stringify(noted));
    hasNoted = true;
  };
  const result = await new supervisors[backend]({ ...options, clock }).drain(agent, { budgetMs, onNoted });
  throw new Error(`it never waited: ${JSON.stringify(result)}`);
}
