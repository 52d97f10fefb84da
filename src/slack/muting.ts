import { newId } from '../operations/ids.ts';
import type { Selection } from '../operations/operation.ts';
import { readRoster, selected } from '../operations/roster.ts';
import { wholeTeam } from '../watch/mutes.ts';
import { sentenceCard } from './blocks.ts';
import { muteCard, mutedName, muteOverCard } from './cards/mute.ts';
import type { Desk, Reply } from './command.ts';

export type MutingDesk = Pick<Desk, 'host' | 'mutes' | 'writer' | 'alertChannel'>;

interface Place {
  readonly person: string;
  readonly channel: string;
}

/** Silences alerts, and says so where it was asked for. Throws `RefusedError` for what is not there. */
export async function mute(
  selection: Selection,
  forMs: number,
  { person, channel }: Place,
  { host, mutes, writer }: MutingDesk,
): Promise<void> {
  selected(await readRoster(host), selection);
  const content = muteCard(mutes.add(nameOf(selection), person, forMs), new Date());
  await writer.post({ channel, content, id: newId('S') });
}

/** Ends it before its time: what was kept back is told where it was asked for, and in the alert channel. */
export async function unmute(
  selection: Selection,
  { person, channel }: Place,
  reply: Reply,
  { mutes, writer, alertChannel }: MutingDesk,
): Promise<void> {
  const what = nameOf(selection);
  const over = mutes.end(what, person);
  if (over === undefined) {
    const others = mutes.all().map(mutedName);
    const muted = others.length === 0 ? 'Nothing is.' : `Muted: ${others.join(', ')}.`;
    return await reply.whisper(sentenceCard(`Alerts about ${mutedName({ what })} are not muted. ${muted}`));
  }
  const content = muteOverCard(over);
  for (const each of new Set([channel, alertChannel])) {
    await writer.post({ channel: each, content, id: `M-${over.mute.id}` });
  }
  mutes.told(over.mute);
}

function nameOf(selection: Selection): string {
  if (selection.kind === 'team') return wholeTeam;
  return selection.kind === 'project' ? selection.project : selection.id;
}
