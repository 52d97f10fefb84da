import { type Command, parseOptions, parseSelection } from '../command.ts';
import { UsageError } from '../explain.ts';
import { unmute as endMute } from '../muting.ts';

export const unmute: Command = {
  name: 'unmute',
  usage: '[project[:agent]]',
  summary: 'ends a mute before its time, and tells what it kept back',
  example: 'unmute shop',
  effect: 'changes',
  async run({ asker, words, reply }, desk) {
    const { rest } = parseOptions(words, []);
    if (rest.length > 1) throw new UsageError('Name what was muted: one project, one agent, or nothing.');
    await endMute(parseSelection(rest[0]), asker, reply, desk);
  },
};
