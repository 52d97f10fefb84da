import { newId } from '../../domain/operation.ts';
import { parseSelection } from '../../language/selection.ts';
import { statusCard } from '../cards/status.ts';
import { isDirectMessage } from '../guard/access.ts';
import type { RunCommand } from './command.ts';

export const status: RunCommand = async ({ asker, rest, options, reply }, desk) => {
  const { site, hostName, writer } = desk;
  const selection = parseSelection(rest[0]);
  const card = statusCard({
    status: await site.status(selection),
    selection,
    hostName,
    askedBy: asker.person,
  });
  if (options.has('me') || isDirectMessage(asker.channel)) await reply.whisper(card);
  else await writer.post({ channel: asker.channel, content: card, id: newId('S') });
};
