import type { Mute, MutedEdge, MuteOver } from '../../domain/alert.ts';
import { wholeTeam } from '../../domain/selection.ts';
import type { Wording } from '../../language/phrases.ts';
import { actions, button, type MessageContent, section, smallPrint } from '../markup/blocks.ts';
import { escaped, mention } from '../markup/mrkdwn.ts';
import { slackWording } from '../markup/slack-phrases.ts';

/** Silence has begun, and how to end it. */
export function muteCard(mute: Mute, now: Date): MessageContent {
  const { moment } = slackWording(now);
  const words = `:mute: Alerts about ${mutedName(mute)} are muted by ${mention(mute.by)} until ${moment(mute.until)}. What they would have told is counted, and told then; forced kills stay on record.`;
  const unmute = button({ action: 'mute_end', label: 'Unmute', value: mute.what });
  return { text: words, blocks: [section(words), actions([unmute])] };
}

const mostKept = 20;

/** Silence is over, and what was kept back by it. */
export function muteOverCard({ mute, at, endedBy, kept }: MuteOver): MessageContent {
  const wording = slackWording(at);
  const ended = endedBy === undefined ? '' : `, ended by ${mention(endedBy)}`;
  const from = `muted by ${mention(mute.by)} from ${wording.moment(mute.since)} to ${wording.moment(at)}${ended}`;
  const nothing = kept.length === 0 ? ' Nothing happened meanwhile.' : ' Meanwhile:';
  const verdict = `:bell: Alerts about ${mutedName(mute)} are told again; they were ${from}.${nothing}`;
  const lines = kept.slice(0, mostKept).map((edge) => `• ${keptWords(edge, wording)}`);
  const more =
    kept.length > mostKept ? [`And ${kept.length - mostKept} more; \`/team history\` has them all.`] : [];
  return {
    text: [verdict, ...lines].join(' '),
    blocks: [section([verdict, ...lines, ...more].join('\n')), smallPrint(`M-${mute.id}`)],
  };
}

export function mutedName({ what }: Pick<Mute, 'what'>): string {
  return what === wholeTeam ? 'the whole team' : `*${escaped(what)}*`;
}

const happened: Readonly<Record<string, string>> = {
  died: 'died',
  'stopped-outside': 'was stopped outside Muster',
  ended: 'ended by itself',
  'crash-loop': 'went into a crash loop',
  'gave-up': 'was given up by its restart loop',
  'started-outside': 'was started outside Muster',
  killed: 'had to be killed (`TimedOutKilled`)',
  unreadable: 'the agents could not be read',
  rebooted: 'the host started anew',
  blind: 'Muster was away',
};

function keptWords({ agent, kind, times, firstAt, lastAt }: MutedEdge, { moment }: Wording): string {
  const who = agent === undefined ? '' : `*${escaped(agent)}* `;
  const often =
    times === 1 ? `at ${moment(firstAt)}` : `${times} times, from ${moment(firstAt)} to ${moment(lastAt)}`;
  return `${who}${happened[kind] ?? escaped(kind)} ${often}`;
}
