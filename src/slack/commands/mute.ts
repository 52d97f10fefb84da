import { newId } from '../../domain/operation.ts';
import { type Selection, wholeTeam } from '../../domain/selection.ts';
import { parseDuration } from '../../language/duration.ts';
import { UsageError } from '../../language/refusals.ts';
import { parseSelection } from '../../language/selection.ts';
import { readRoster, selected } from '../../operations/plan/roster.ts';
import { muteCard, mutedName, muteOverCard } from '../cards/mute.ts';
import { sentenceCard } from '../markup/blocks.ts';
import type { Reply } from '../outbox/reply.ts';
import { type Command, type Desk, parseOptions } from './command.ts';

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

type MutingDesk = Pick<Desk, 'host' | 'mutes' | 'writer' | 'alertChannel'>;

interface Place {
  readonly person: string;
  readonly channel: string;
}

/** Silences alerts, and says so where it was asked for. Throws `RefusedError` for what is not there. */
export async function muteAlerts(
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
export async function endMute(
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
