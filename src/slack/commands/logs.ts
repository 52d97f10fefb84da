import type { AgentId } from '../../domain/agent.ts';
import { UsageError } from '../../language/refusals.ts';
import { parseSelection } from '../../language/selection.ts';
import { readLogs } from '../../site/read-status.ts';
import { logsCard } from '../cards/logs.ts';
import type { Reply } from '../outbox/reply.ts';
import { type Command, type Desk, parseOptions } from './command.ts';

export const ordinaryLines = 20;

export const mostLines = 50;

/** What an agent printed last, for the person alone who asked. */
export async function showLogs(id: AgentId, count: number, reply: Reply, { host }: Desk): Promise<void> {
  const lines = await readLogs(host, id, count);
  await reply.whisper(logsCard({ id, lines, hostName: host.name, asOf: new Date() }));
}

export const logs: Command = {
  name: 'logs',
  usage: 'project:agent [lines]',
  summary: `the last lines an agent printed, ${ordinaryLines} unless told, shown to you alone; for operators`,
  example: 'logs shop:pay 50',
  effect: 'reveals',
  async run({ words, reply }, desk) {
    const { rest } = parseOptions(words, []);
    const [target, lines = String(ordinaryLines), ...more] = rest;
    const selection = parseSelection(target);
    if (selection.kind !== 'agent' || more.length > 0) throw new UsageError('Name one agent.');
    const count = /^\d{1,3}$/.test(lines) ? Number(lines) : 0;
    if (count < 1 || count > mostLines) {
      throw new UsageError(`The number of lines is from 1 to ${mostLines}.`);
    }
    await showLogs(selection.id, count, reply, desk);
  },
};
