import type { AgentId } from '../team/team.ts';
import type { Host } from './host.ts';
import { readRoster, selected } from './roster.ts';

/** The last lines that an agent printed, oldest first; untrusted text. Throws `RefusedError` if there is no such agent. */
export async function readLogs(host: Host, id: AgentId, count: number): Promise<readonly string[]> {
  const targets = selected(await readRoster(host), { kind: 'agent', id });
  const lines = await Promise.all(targets.map(({ spec }) => host.supervisor.lastLines(spec, count)));
  return lines.flat();
}
