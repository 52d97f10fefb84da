import { readLogs } from '../operations/logs.ts';
import type { AgentId } from '../team/team.ts';
import { logsCard } from './cards/logs.ts';
import type { Desk, Reply } from './command.ts';

export const ordinaryLines = 20;
export const mostLines = 50;

/** What an agent printed last, for the person alone who asked. */
export async function showLogs(id: AgentId, count: number, reply: Reply, { host }: Desk): Promise<void> {
  const lines = await readLogs(host, id, count);
  await reply.whisper(logsCard({ id, lines, hostName: host.name, asOf: new Date() }));
}
