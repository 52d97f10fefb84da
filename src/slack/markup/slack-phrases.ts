import { duration } from '../../language/duration.ts';
import type { Wording } from '../../language/phrases.ts';
import { momentText } from './blocks.ts';
import { escaped, mention } from './mrkdwn.ts';

/** How the watch's sentences are written in mrkdwn. */
export function slackWording(now: Date): Wording {
  return {
    person: mention,
    moment: (at) => momentText(at, now),
    lasting: duration,
    quoted: (text, most = 300) => escaped(text, most),
    name: (id) => `*${escaped(id)}*`,
    linked: (words, link) => (link === undefined ? words : `<${link}|${words}>`),
  };
}
