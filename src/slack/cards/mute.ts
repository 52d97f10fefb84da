import type { Mute, MuteOver } from '../../domain/alert.ts';
import { muteOverWords, muteWords } from '../../language/mute.ts';
import { actions, button, type MessageContent, section, smallPrint } from '../markup/blocks.ts';
import { slackWording } from '../markup/slack-phrases.ts';

/** Silence has begun, and how to end it. */
export function muteCard(mute: Mute, now: Date): MessageContent {
  const words = `:mute: ${muteWords(mute, slackWording(now))}`;
  const unmute = button({ action: 'mute_end', label: 'Unmute', value: mute.what });
  return { text: words, blocks: [section(words), actions([unmute])] };
}

const mostKept = 20;

/** Silence is over, and what was kept back by it. */
export function muteOverCard(over: MuteOver): MessageContent {
  const told = muteOverWords(over, slackWording(over.at));
  const verdict = `:bell: ${told.verdict}`;
  const lines = told.lines.slice(0, mostKept).map((line) => `• ${line}`);
  const others = told.lines.length - lines.length;
  const more = others > 0 ? [`And ${others} more; \`/team history\` has them all.`] : [];
  return {
    text: [verdict, ...lines].join(' '),
    blocks: [section([verdict, ...lines, ...more].join('\n')), smallPrint(`M-${over.mute.id}`)],
  };
}
