import type { NotedAgent, NotedProcess } from '../../domain/stop-record.ts';
import { isServer, type Member } from './agent-tree.ts';
import { bootId, incarnationOf, ourLine } from './process-life.ts';
import type { Process, ProcessTable } from './process-table.ts';

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

/** `Supervisor.whatIsLeft`, by a process table. Nothing outlives its boot. */
export function leftOf(noted: NotedAgent, table: ProcessTable, boot: string): readonly NotedProcess[] {
  if (noted.bootId !== boot) return [];
  const barred = new Set(ourLine(table));
  const left = new Map<number, NotedProcess>();
  const sessions = new Set<number>();
  for (const { pid, startTime, part } of noted.processes) {
    const process = table.get(pid);
    const isSame = process?.startTime === startTime;
    if (isSame) left.set(pid, { pid, startTime, part });
    // No pid is used again while a session has its name. One that the loop leads is also the next life's.
    if (isSame ? part === 'agent' : process === undefined) sessions.add(pid);
  }
  for (const process of table.all()) if (sessions.has(process.sid)) take(process);
  for (const { pid, part } of [...left.values()]) if (part === 'agent') takeChildren(pid);
  return [...left.values()];

  function take(process: Process): void {
    if (left.has(process.pid) || barred.has(process.pid) || isServer(process)) return;
    left.set(process.pid, { pid: process.pid, startTime: process.startTime, part: 'agent' });
    takeChildren(process.pid);
  }

  function takeChildren(pid: number): void {
    for (const child of table.childrenOf(pid)) take(child);
  }
}
