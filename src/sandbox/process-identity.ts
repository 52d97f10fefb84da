import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A process and when it started: a pid alone may be somebody else's by the time it is used. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startedAt: string;
}

/** `undefined`: there is no such process. */
export async function identify(pid: number): Promise<ProcessIdentity | undefined> {
  const startedAt = process.platform === 'linux' ? await startOnLinux(pid) : await startByPs(pid);
  return startedAt ? { pid, startedAt } : undefined;
}

export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  return (await identify(identity.pid))?.startedAt === identity.startedAt;
}

/** Sends the signal to that very process; one that is gone is no error. */
export async function signal(identity: ProcessIdentity, name: NodeJS.Signals): Promise<void> {
  if (!(await isAlive(identity))) return;
  try {
    process.kill(identity.pid, name);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** Kills that very process and waits until it is gone, which a busy host may take a moment for. */
export async function kill(identity: ProcessIdentity): Promise<void> {
  await signal(identity, 'SIGKILL');
  const deadline = Date.now() + 3_000;
  while (Date.now() < deadline && (await isAlive(identity))) await delay(10);
}

/** The processes themselves and all that descend from them. */
export async function treesOf(roots: readonly number[]): Promise<ProcessIdentity[]> {
  const { stdout } = await run('ps', ['-e', '-o', 'pid=,ppid='], { timeout: 5_000 });
  const parents = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const found = new Set(roots);
  for (let before = 0; before < found.size; ) {
    before = found.size;
    for (const [pid, parent] of parents) {
      if (pid !== undefined && parent !== undefined && found.has(parent)) found.add(pid);
    }
  }
  const identities = await Promise.all([...found].map(identify));
  return identities.filter((identity) => identity !== undefined);
}

/** Clock ticks since boot: the 22nd field, counted after the name, which may hold anything. A zombie has ended. */
async function startOnLinux(pid: number): Promise<string | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch (error) {
    if (error instanceof Error && 'code' in error && ['ENOENT', 'ESRCH'].includes(String(error.code)))
      return undefined;
    throw error;
  }
}

async function startByPs(pid: number): Promise<string | undefined> {
  try {
    const { stdout } = await run('ps', ['-o', 'lstart=', '-p', String(pid)], { timeout: 5_000 });
    return stdout.trim() || undefined;
  } catch (error) {
    // ps exits 1 when there is no such process.
    if (error instanceof Error && 'code' in error && error.code === 1) return undefined;
    throw error;
  }
}
