import { newId } from '../../domain/operation.ts';
import { keyOf, type Selection } from '../../domain/selection.ts';
import { muteTime, notMutedWords } from '../../language/mute.ts';
import { parseSelection } from '../../language/selection.ts';
import { muteCard, muteOverCard } from '../cards/mute.ts';
import { sentenceCard } from '../markup/blocks.ts';
import { slackWording } from '../markup/slack-phrases.ts';
import type { Reply } from '../outbox/reply.ts';
import type { Desk, RunCommand } from './command.ts';

export const mute: RunCommand = async ({ asker, rest }, desk) => {
  await muteAlerts(parseSelection(rest.at(-2)), muteTime(rest.at(-1)), asker, desk);
};

export const unmute: RunCommand = async ({ asker, rest, reply }, desk) => {
  await endMute(parseSelection(rest[0]), asker, reply, desk);
};

type MutingDesk = Pick<Desk, 'site' | 'muteTold' | 'writer' | 'alertChannel'>;

interface Place {
  readonly person: string;
  readonly channel: string;
}

/** Silences alerts, and says so where it was asked for. Throws `RefusedError` for what is not there. */
export async function muteAlerts(
  selection: Selection,
  forMs: number,
  { person, channel }: Place,
  { site, writer }: MutingDesk,
): Promise<void> {
  const content = muteCard(await site.mute(selection, forMs, person), new Date());
  await writer.post({ channel, content, id: newId('S') });
}

/** Ends it before its time: what was kept back is told where it was asked for, and in the alert channel. */
export async function endMute(
  selection: Selection,
  { person, channel }: Place,
  reply: Reply,
  { site, muteTold, writer, alertChannel }: MutingDesk,
): Promise<void> {
  const over = await site.unmute(selection, person);
  if (over === undefined) {
    const words = notMutedWords(keyOf(selection), await site.mutes(), slackWording(new Date()));
    return await reply.whisper(sentenceCard(words));
  }
  const content = muteOverCard(over);
  for (const each of new Set([channel, alertChannel])) {
    await writer.post({ channel: each, content, id: `M-${over.mute.id}` });
  }
  muteTold(over);
}
