import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { constants } from 'node:os';
import process from 'node:process';
import { z } from 'zod';

export const jobKeys = z.object({
  Label: z.string(),
  ProgramArguments: z.array(z.string()).min(1),
  WorkingDirectory: z.string(),
  EnvironmentVariables: z.record(z.string(), z.string()).default({}),
  StandardOutPath: z.string(),
  StandardErrorPath: z.string(),
  RunAtLoad: z.boolean().default(false),
  KeepAlive: z.union([z.boolean(), z.object({ SuccessfulExit: z.boolean() })]).default(false),
  ThrottleInterval: z.number().default(10),
  ExitTimeOut: z.number().default(20),
});
export type JobKeys = z.infer<typeof jobKeys>;

export interface FakeJob {
  readonly keys: JobKeys;
  readonly runs: number;
  readonly pid: number | undefined;
  /** As launchd prints it. */
  readonly lastExit: string;
  readonly lastStatus: string;
  readonly state: string;
  start(): void;
  signal(name: NodeJS.Signals): boolean;
  /** TERM to its leading process, KILL after ExitTimeOut, and no start ever again. */
  remove(): void;
}

/**
 * One job as launchd keeps it: its leading process in a session of its own; what is left of its process group gets TERM when that
 * process ends; started again as KeepAlive says, ThrottleInterval after its last start at the earliest.
 */
export function createFakeJob(
  keys: JobKeys,
  { secondMs, onGone }: { secondMs: number; onGone(): void },
): FakeJob {
  let child: ChildProcess | undefined;
  let runs = 0;
  let startedAt = 0;
  let lastExit = '(never exited)';
  let lastStatus = '-';
  let isLeaving = false;
  let throttle: NodeJS.Timeout | undefined;
  let killer: NodeJS.Timeout | undefined;

  return {
    keys,
    get runs() {
      return runs;
    },
    get pid() {
      return child?.pid;
    },
    get lastExit() {
      return lastExit;
    },
    get lastStatus() {
      return child ? '-' : lastStatus;
    },
    get state() {
      if (child) return isLeaving ? 'SIGTERMed' : 'running';
      return throttle ? 'spawn scheduled' : 'not running';
    },
    start,
    signal: (name) => child?.kill(name) ?? false,
    remove,
  };

  function start(): void {
    clearTimeout(throttle);
    throttle = undefined;
    if (child) return;
    runs += 1;
    startedAt = performance.now();
    const out = openSync(keys.StandardOutPath, 'a');
    const err = openSync(keys.StandardErrorPath, 'a');
    const [program = '', ...args] = keys.ProgramArguments;
    const started = spawn(program, args, {
      cwd: keys.WorkingDirectory,
      env: {
        PATH: '/usr/bin:/bin:/usr/sbin:/sbin',
        XPC_SERVICE_NAME: keys.Label,
        ...keys.EnvironmentVariables,
      },
      detached: true,
      stdio: ['ignore', out, err],
    });
    closeSync(out);
    closeSync(err);
    child = started;
    started.on('error', () => ended(78, null));
    started.on('exit', (code, signal) => {
      endGroup(started.pid);
      ended(code, signal);
    });
  }

  function ended(code: number | null, signal: NodeJS.Signals | null): void {
    child = undefined;
    clearTimeout(killer);
    lastExit = signal ? `${signal}: ${constants.signals[signal]}` : code === 78 ? '78: EX_CONFIG' : `${code}`;
    lastStatus = signal ? `-${constants.signals[signal]}` : `${code}`;
    if (isLeaving) {
      onGone();
      return;
    }
    const isSuccess = code === 0;
    const again =
      typeof keys.KeepAlive === 'boolean' ? keys.KeepAlive : keys.KeepAlive.SuccessfulExit === isSuccess;
    if (!again) return;
    const waitMs = Math.max(0, keys.ThrottleInterval * secondMs - (performance.now() - startedAt));
    throttle = setTimeout(start, waitMs);
  }

  function remove(): void {
    if (isLeaving) return;
    isLeaving = true;
    clearTimeout(throttle);
    throttle = undefined;
    if (!child) {
      onGone();
      return;
    }
    child.kill('SIGTERM');
    const { ExitTimeOut } = keys;
    if (ExitTimeOut > 0) killer = setTimeout(() => child?.kill('SIGKILL'), ExitTimeOut * secondMs);
  }
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGTERM');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
