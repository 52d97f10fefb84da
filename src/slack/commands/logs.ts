import type { AgentId } from '../../domain/agent.ts';
import { UsageError } from '../../language/refusals.ts';
import { parseSelection } from '../../language/selection.ts';
import { logsCard } from '../cards/logs.ts';
import type { Reply } from '../outbox/reply.ts';
import type { Desk, RunCommand } from './command.ts';

export const ordinaryLines = 20;

export const mostLines = 50;

/** What an agent printed last, for the person alone who asked. */
export async function showLogs(
  id: AgentId,
  count: number,
  reply: Reply,
  { site, hostName }: Desk,
): Promise<void> {
  const lines = await site.logs(id, count);
  await reply.whisper(logsCard({ id, lines, hostName, asOf: new Date() }));
}

export const logs: RunCommand = async ({ rest, reply }, desk) => {
  const [target, lines = String(ordinaryLines)] = rest;
  const selection = parseSelection(target);
  if (selection.kind !== 'agent') throw new UsageError('Name one agent.');
  const count = /^\d{1,3}$/.test(lines) ? Number(lines) : 0;
  if (count < 1 || count > mostLines) {
    throw new UsageError(`The number of lines is from 1 to ${mostLines}.`);
  }
  await showLogs(selection.id, count, reply, desk);
};
