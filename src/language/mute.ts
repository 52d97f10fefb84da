import type { Mute, MutedEdge, MuteOver } from '../domain/alert.ts';
import { wholeTeam } from '../domain/selection.ts';
import { parseDuration } from './duration.ts';
import type { Wording } from './phrases.ts';
import { UsageError } from './refusals.ts';

const longestMs = 7 * 24 * 3_600_000;

/** How long alerts are to be silent, in milliseconds. Throws UsageError. */
export function muteTime(word: string | undefined): number {
  const ms = parseDuration(word ?? '');
  if (ms !== undefined && ms > 0 && ms <= longestMs) return ms;
  throw new UsageError('Say for how long, such as 30m, 2h or 1d; the longest is 7d.');
}

export function mutedName({ what }: Pick<Mute, 'what'>, { name }: Pick<Wording, 'name'>): string {
  return what === wholeTeam ? 'the whole team' : name(what);
}

/** Silence has begun. */
export function muteWords(mute: Mute, wording: Wording): string {
  const { person, moment } = wording;
  return `Alerts about ${mutedName(mute, wording)} are muted by ${person(mute.by)} until ${moment(mute.until)}. What they would have told is counted, and told then; forced kills stay on record.`;
}

/** There was no such silence to end. */
export function notMutedWords(what: string, others: readonly Mute[], wording: Wording): string {
  const names = others.map((mute) => mutedName(mute, wording));
  const muted = names.length === 0 ? 'Nothing is.' : `Muted: ${names.join(', ')}.`;
  return `Alerts about ${mutedName({ what }, wording)} are not muted. ${muted}`;
}

/** Silence is over, and line by line what was kept back by it. */
export function muteOverWords(
  { mute, at, endedBy, kept }: MuteOver,
  wording: Wording,
): { readonly verdict: string; readonly lines: readonly string[] } {
  const { person, moment } = wording;
  const ended = endedBy === undefined ? '' : `, ended by ${person(endedBy)}`;
  const from = `muted by ${person(mute.by)} from ${moment(mute.since)} to ${moment(at)}${ended}`;
  const nothing = kept.length === 0 ? ' Nothing happened meanwhile.' : ' Meanwhile:';
  return {
    verdict: `Alerts about ${mutedName(mute, wording)} are told again; they were ${from}.${nothing}`,
    lines: kept.map((edge) => keptWords(edge, wording)),
  };
}

const happened: Readonly<Record<string, string>> = {
  died: 'died',
  'stopped-outside': 'was stopped outside Muster',
  ended: 'ended by itself',
  'crash-loop': 'went into a crash loop',
  'gave-up': 'was given up by its restart loop',
  'started-outside': 'was started outside Muster',
  killed: 'had to be killed (TimedOutKilled)',
  unreadable: 'the agents could not be read',
  rebooted: 'the host started anew',
  blind: 'Muster was away',
};

function keptWords({ agent, kind, times, firstAt, lastAt }: MutedEdge, wording: Wording): string {
  const { name, moment, quoted } = wording;
  const who = agent === undefined ? '' : `${name(agent)} `;
  const often =
    times === 1 ? `at ${moment(firstAt)}` : `${times} times, from ${moment(firstAt)} to ${moment(lastAt)}`;
  return `${who}${happened[kind] ?? quoted(kind)} ${often}`;
}
