import type { NotedAgent, NotedProcess, ProcessSummary } from '../../domain/stop-record.ts';
import { isServer, type Member } from './agent-tree.ts';
import { bootId, incarnationOf, ourLine } from './process-life.ts';
import { type Process, type ProcessTable, readProcessTable } from './process-table.ts';
import { summarise } from './strays.ts';

export interface LeftProcess extends ProcessSummary, NotedProcess {}

/** What is noted of an agent before the first signal. */
export function noteOf({
  lead,
  members,
}: {
  readonly lead: Process | undefined;
  readonly members: readonly Member[];
}): NotedAgent {
  return {
    bootId: bootId(),
    ...(lead ? { incarnation: incarnationOf(lead) } : {}),
    processes: members.map(({ process: { pid, startTime }, part }) => ({
      pid,
      startTime,
      part: part === 'loop' ? 'loop' : 'agent',
    })),
  };
}

/**
 * What still lives of what was noted, be it by a Muster that has died since, and what that has forked in the meantime. Where only
 * the loop is left, the life that was noted is over; what the loop has begun since is another.
 */
export async function whatIsLeft(noted: NotedAgent): Promise<readonly LeftProcess[]> {
  return leftOf(noted, await readProcessTable(), bootId());
}

/** Nothing outlives its boot. */
export function leftOf(noted: NotedAgent, table: ProcessTable, boot: string): readonly LeftProcess[] {
  if (noted.bootId !== boot) return [];
  const barred = new Set(ourLine(table));
  const left = new Map<number, LeftProcess>();
  const sessions = new Set<number>();
  for (const { pid, startTime, part } of noted.processes) {
    const process = table.get(pid);
    const isSame = process?.startTime === startTime;
    if (isSame) left.set(pid, { ...summarise(process, table), startTime, part });
    // No pid is used again while a session has its name. One that the loop leads is also the next life's.
    if (isSame ? part === 'agent' : process === undefined) sessions.add(pid);
  }
  for (const process of table.all()) if (sessions.has(process.sid)) take(process);
  for (const { pid, part } of [...left.values()]) if (part === 'agent') takeChildren(pid);
  return [...left.values()];

  function take(process: Process): void {
    if (left.has(process.pid) || barred.has(process.pid) || isServer(process)) return;
    left.set(process.pid, { ...summarise(process, table), startTime: process.startTime, part: 'agent' });
    takeChildren(process.pid);
  }

  function takeChildren(pid: number): void {
    for (const child of table.childrenOf(pid)) take(child);
  }
}
