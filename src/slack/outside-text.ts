/** Control characters (but line breaks and tabs) and the marks that turn the direction of writing around. */
const invisible =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u061c\u2028\u2029]/g;

/** Text from outside as `plain_text`, `raw_text` or rich text may show it, at most `most` characters long. */
export function plain(text: string, most = 3000): string {
  const clean = text.replace(invisible, '').trim();
  const characters = [...clean];
  if (characters.length <= most) return clean;
  return `${upTo(clean, characters.slice(0, most - 1).join('').length)}…`;
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

const graphemes = new Intl.Segmenter();
/** UTF-16 units; what is longer, such as a letter under a tower of accents, is cut between code points. */
const longestGrapheme = 64;

/** The first `length` UTF-16 units, or fewer where what readers take for one character would be cut. */
function upTo(text: string, length: number): string {
  const { index = length } =
    graphemes.segment(text.slice(0, length + longestGrapheme)).containing(length) ?? {};
  if (length - index <= longestGrapheme) return text.slice(0, index);
  return text.slice(0, length).replace(/[\ud800-\udbff]$/, '');
}

/** Text from outside for a place where Slack parses mrkdwn: cut first, so that no entity is cut in half. */
export function escaped(text: string, most = 2000): string {
  return plain(text, most)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[*_~`]/g, (mark) => `\u2060${mark}\u2060`);
}
