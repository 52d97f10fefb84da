import { plain, upTo } from '../../language/plain-text.ts';

/** A person, by Slack's id or by the name they have on the host. */
export function mention(person: string): string {
  return /^[UW][A-Z0-9]+$/.test(person) ? `<@${person}>` : escaped(person, 100);
}

/** Markup of ours, at most `most` characters long, and never with half an entity, half a mention or half a character at its end. */
export function cutMarkup(mrkdwn: string, most: number): string {
  return mrkdwn.length <= most ? mrkdwn : markupUpTo(mrkdwn, most - 1);
}

const utf8 = new TextEncoder();

/** The same, at most so many bytes of UTF-8 long. */
export function cutMarkupToBytes(mrkdwn: string, most: number): string {
  if (Buffer.byteLength(mrkdwn) <= most) return mrkdwn;
  const { read } = utf8.encodeInto(mrkdwn, new Uint8Array(most - Buffer.byteLength('…')));
  return markupUpTo(mrkdwn, read);
}

/** As many of these, from the first on, as fit into so many bytes of UTF-8. */
export function firstWithin(texts: readonly string[], most: number): readonly string[] {
  let left = most;
  const tooMany = texts.findIndex((text) => {
    left -= Buffer.byteLength(text);
    return left < 0;
  });
  return tooMany === -1 ? texts : texts.slice(0, tooMany);
}

function markupUpTo(mrkdwn: string, length: number): string {
  const whole = upTo(mrkdwn, length)
    .replace(/<[^<>]*$/, '')
    .replace(/&[a-z]{0,4}$/, '');
  return `${whole}…`;
}

/** Text from outside for a place where Slack parses mrkdwn: cut first, so that no entity is cut in half. */
export function escaped(text: string, most = 2000): string {
  return plain(text, most)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[*_~`]/g, (mark) => `\u2060${mark}\u2060`);
}
