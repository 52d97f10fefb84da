import { readFileSync } from 'node:fs';
import type { Incarnation } from '../../domain/observation.ts';
import {
  hasEnded,
  hasProc,
  type Process,
  type ProcessTable,
  parseStat,
  readOf,
  readProcessTable,
} from './process-table.ts';

/** Still the same process: pids are used again, start times tell them apart. */
export async function isAlive({ pid, startTime }: Pick<Process, 'pid' | 'startTime'>): Promise<boolean> {
  if (!hasProc) return (await readProcessTable()).get(pid)?.startTime === startTime;
  const stat = readOf(pid, 'stat');
  if (stat === undefined) return false;
  const now = parseStat(stat);
  return now.startTime === startTime && !hasEnded(now.state);
}

/** The same of a process that was written down, maybe before a reboot. */
export async function isStillRunning(known: Incarnation): Promise<boolean> {
  return known.bootId === bootId() && (await isAlive(known));
}

/** Sends the signal if the process is still the one that is meant, and says whether it was. */
export async function signal(target: Process, name: NodeJS.Signals): Promise<boolean> {
  if (!(await isAlive(target))) return false;
  try {
    process.kill(target.pid, name);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

/** Whose process it is, whatever rights it has taken on; nothing if it has ended. */
export async function realUidOf(pid: number): Promise<number | undefined> {
  const uid = hasProc ? /^Uid:\s+(\d+)/m.exec(readOf(pid, 'status') ?? '')?.[1] : await realUidByPs(pid);
  return uid === undefined ? undefined : Number(uid);
}

async function realUidByPs(pid: number): Promise<string | undefined> {
  const { execa } = await import('execa');
  const { stdout } = await execa('ps', ['-o', 'ruid=', '-p', `${pid}`], { reject: false, timeout: 5000 });
  return /\d+/.exec(stdout)?.[0];
}

export function incarnationOf({ pid, startTime }: Process): Incarnation {
  return { pid, startTime, bootId: bootId() };
}

/** Of this process. */
export async function ownIncarnation(): Promise<Incarnation> {
  const self = (await readProcessTable()).get(process.pid);
  if (self === undefined) throw new Error(`cannot find the process ${process.pid}, which is this one`);
  return incarnationOf(self);
}

/** Our own pid and those of our ancestors. */
export function ourLine(table: ProcessTable): number[] {
  const line: number[] = [];
  for (let pid = process.pid; pid > 0 && !line.includes(pid); pid = table.get(pid)?.ppid ?? 0) line.push(pid);
  return line;
}

/** The kernel counts in hundredths of a second since boot, whatever its own clock's rate. */
export function startedAt({ startTime }: Process): Date {
  if (!hasProc) return new Date(startTime);
  return new Date(bootTimeMs() + Number(startTime) * 10);
}

/** Empty where the host has none to tell. No process outlives a boot, so it is read once. */
export function bootId(): string {
  knownBootId ??= hasProc ? readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim() : '';
  return knownBootId;
}

let knownBootId: string | undefined;

/** It moves with the host's clock when that is set: good for one look at many agents, not for long. */
function bootTimeMs(): number {
  const now = performance.now();
  if (knownBootTime === undefined || now - knownBootTime.at > bootTimeGoodForMs) {
    const ms = Number(/^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1]) * 1000;
    knownBootTime = { ms, at: now };
  }
  return knownBootTime.ms;
}

const bootTimeGoodForMs = 100;

let knownBootTime: { readonly ms: number; readonly at: number } | undefined;
