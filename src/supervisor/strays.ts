import { hasProc, type Process, type ProcessTable, readOf } from './process-table.ts';
import type { ProcessSummary } from './supervisor.ts';

/**
 * Processes that carry the agent's environment although they hang in none of its trees. They may be anything the agent ever started,
 * a tmux server or this bot among them, and so are only reported. Known on hosts with /proc.
 */
export function findStrays(
  table: ProcessTable,
  marker: { readonly id: string; readonly root: string },
  isMember: (process: Process) => boolean,
): readonly Process[] {
  if (!hasProc) return [];
  return [...table.all()].filter((process) => {
    if (isMember(process)) return false;
    const environ = readOf(process.pid, 'environ')?.split('\0');
    return environ?.includes(`AGENT_ID=${marker.id}`) && environ.includes(`TEAMCTL_ROOT=${marker.root}`);
  });
}

export function summarise(process: Process, table: ProcessTable): ProcessSummary {
  const command = table.argvOf(process).join(' ') || process.name;
  return { pid: process.pid, state: process.state, command };
}
