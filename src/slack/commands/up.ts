import { type Command, parseOptions, parseSelection } from '../command.ts';
import { UsageError } from '../explain.ts';

export const up: Command = {
  name: 'up',
  usage: 'project[:agent]',
  summary: 'starts what does not run, and sees that it stays up',
  example: 'up shop:pay',
  effect: 'changes',
  async run({ asker, words, text }, { conductor }) {
    const { rest } = parseOptions(words, []);
    if (rest.length !== 1) throw new UsageError('Name one project or one agent.');
    const selection = parseSelection(rest[0]);
    await conductor.request({ verb: 'up', selection, force: false, askedBy: asker.person, text }, asker);
  },
};
