import { type Command, parseOptions, parseSelection } from '../command.ts';
import { UsageError } from '../explain.ts';
import { showWhy } from '../show-why.ts';

export const why: Command = {
  name: 'why',
  usage: 'project:agent',
  summary: 'why an agent runs or does not: who wants it so, what was done, how it ended; shown to you alone',
  example: 'why shop:pay',
  effect: 'reads',
  async run({ words, reply }, desk) {
    const { rest } = parseOptions(words, []);
    const selection = parseSelection(rest[0]);
    if (selection.kind !== 'agent' || rest.length > 1) throw new UsageError('Name one agent.');
    await showWhy(selection.id, reply, desk);
  },
};
