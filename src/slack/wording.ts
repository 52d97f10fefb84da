import type { Wording } from '../watch/wording.ts';
import { momentText } from './blocks.ts';
import { mention } from './cards/plan-words.ts';
import { duration } from './duration.ts';
import { escaped } from './outside-text.ts';

/** How the watch's sentences are written in mrkdwn. */
export function slackWording(now: Date): Wording {
  return {
    person: mention,
    moment: (at) => momentText(at, now),
    lasting: duration,
    quoted: (text) => escaped(text, 200),
  };
}
