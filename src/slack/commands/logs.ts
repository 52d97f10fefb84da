import { type Command, parseOptions, parseSelection } from '../command.ts';
import { UsageError } from '../explain.ts';
import { mostLines, ordinaryLines, showLogs } from '../show-logs.ts';

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
