import { type Command, parseOptions, parseSelection } from '../command.ts';
import { parseDuration } from '../duration.ts';
import { UsageError } from '../explain.ts';
import { mute as muteAlerts } from '../muting.ts';

const longestMs = 7 * 24 * 3_600_000;

export const mute: Command = {
  name: 'mute',
  usage: '[project[:agent]] 30m',
  summary: 'silences alerts until then; what they would have told is counted and told at the end',
  example: 'mute shop 2h',
  effect: 'changes',
  async run({ asker, words }, desk) {
    const { rest } = parseOptions(words, []);
    const forMs = parseDuration(rest.at(-1) ?? '');
    if (forMs === undefined || forMs === 0 || forMs > longestMs || rest.length > 2) {
      throw new UsageError('Say for how long, such as `30m`, `2h` or `1d`; the longest is `7d`.');
    }
    await muteAlerts(parseSelection(rest.length === 2 ? rest[0] : undefined), forMs, asker, desk);
  },
};
