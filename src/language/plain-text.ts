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

const graphemes = new Intl.Segmenter();

/** UTF-16 units; what is longer, such as a letter under a tower of accents, is cut between code points. */
const longestGrapheme = 64;

/** The first `length` UTF-16 units, or fewer where what readers take for one character would be cut. */
export function upTo(text: string, length: number): string {
  const { index = length } =
    graphemes.segment(text.slice(0, length + longestGrapheme)).containing(length) ?? {};
  if (length - index <= longestGrapheme) return text.slice(0, index);
  return text.slice(0, length).replace(/[\ud800-\udbff]$/, '');
}
