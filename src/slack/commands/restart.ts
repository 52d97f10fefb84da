import { type Command, parseOptions, parseSelection } from '../command.ts';
import { UsageError } from '../explain.ts';

export const restart: Command = {
  name: 'restart',
  usage: 'project:agent',
  summary: 'drains one agent and starts it again with the files as they are now, changed or not',
  example: 'restart shop:pay',
  effect: 'changes',
  async run({ asker, words, text }, { conductor }) {
    const { rest } = parseOptions(words, []);
    const selection = parseSelection(rest[0]);
    if (rest.length !== 1 || selection.kind !== 'agent') throw new UsageError('Name one agent.');
    await conductor.request({ verb: 'restart', selection, force: false, askedBy: asker.person, text }, asker);
  },
};
