import { type Command, parseOptions, parseSelection } from '../command.ts';
import { UsageError } from '../explain.ts';

export const down: Command = {
  name: 'down',
  usage: 'project[:agent]',
  summary: 'kills at once, without a drain; asks first',
  example: 'down shop',
  effect: 'destroys',
  async run({ asker, words, text }, { conductor }) {
    const { rest } = parseOptions(words, []);
    if (rest.length !== 1) throw new UsageError('Name one project or one agent.');
    const selection = parseSelection(rest[0]);
    await conductor.request({ verb: 'down', selection, force: false, askedBy: asker.person, text }, asker);
  },
};
