import type { ProcessSummary } from '../../domain/stop-record.ts';
import { hasProc, type Process, type ProcessTable, readOf } from './process-table.ts';

export interface Marker {
  readonly id: string;
  /** The team's root. */
  readonly root: string;
}

/** Each process is asked once for all stops that look at the same table. */
const marked = new WeakMap<ProcessTable, ReadonlyMap<string, readonly Process[]>>();

/**
 * Processes that carry the agent's environment, wherever they hang. Those outside of its trees may be anything the agent ever started,
 * a tmux server or this bot among them, and so are only reported. Known on hosts with /proc.
 */
export function findStrays(table: ProcessTable, marker: Marker): readonly Process[] {
  if (!hasProc) return [];
  const known = marked.get(table) ?? byMarker(table);
  marked.set(table, known);
  return known.get(keyOf(marker)) ?? [];
}

/** False where its environment may not be read. */
export function carries({ pid }: Process, marker: Marker): boolean {
  return markerOf(pid) === keyOf(marker);
}

function byMarker(table: ProcessTable): ReadonlyMap<string, readonly Process[]> {
  const byKey = Map.groupBy(table.all(), ({ pid }) => markerOf(pid));
  byKey.delete(keyOf({ id: '', root: '' }));
  return byKey;
}

function markerOf(pid: number): string {
  const environ = hasProc ? (readOf(pid, 'environ')?.split('\0') ?? []) : [];
  return keyOf({ id: valueIn(environ, 'AGENT_ID'), root: valueIn(environ, 'TEAMCTL_ROOT') });
}

function valueIn(environ: readonly string[], name: string): string {
  return environ.find((entry) => entry.startsWith(`${name}=`))?.slice(name.length + 1) ?? '';
}

function keyOf({ id, root }: Marker): string {
  return `${id}\0${root}`;
}

export function summarise(process: Process, table: ProcessTable): ProcessSummary {
  const command = table.argvOf(process).join(' ') || process.name;
  return { pid: process.pid, state: process.state, command };
}
