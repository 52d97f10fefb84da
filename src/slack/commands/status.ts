import { newId } from '../../domain/operation.ts';
import { UsageError } from '../../language/refusals.ts';
import { parseSelection } from '../../language/selection.ts';
import { readWatchedStatus } from '../../site/read-status.ts';
import { statusCard } from '../cards/status.ts';
import { isDirectMessage } from '../guard/access.ts';
import { type Command, parseOptions } from './command.ts';

export const status: Command = {
  name: 'status',
  usage: '[project[:agent]] [--me]',
  summary: 'what runs and what does not; --me shows it to you alone',
  example: 'status shop',
  effect: 'reads',
  async run({ asker, words, reply }, desk) {
    const { host, writer, lastStops } = desk;
    const { options, rest } = parseOptions(words, ['me']);
    if (rest.length > 1)
      throw new UsageError('Name one project or one agent, or nothing for the whole team.');
    const selection = parseSelection(rest[0]);
    const card = statusCard({
      status: await readWatchedStatus(host, selection, desk),
      selection,
      hostName: host.name,
      lastStops,
      askedBy: asker.person,
    });
    if (options.has('me') || isDirectMessage(asker.channel)) await reply.whisper(card);
    else await writer.post({ channel: asker.channel, content: card, id: newId('S') });
  },
};
