/** Control characters (but line breaks and tabs) and the marks that turn the direction of writing around. */
const invisible =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u061c\u2028\u2029]/g;

/** Text from outside as `plain_text`, `raw_text` or rich text may show it, at most `most` characters long. */
export function plain(text: string, most = 3000): string {
  const clean = text.replace(invisible, '').trim();
  const characters = [...clean];
  return characters.length <= most ? clean : `${characters.slice(0, most - 1).join('')}…`;
}

/** Markup of ours, at most `most` characters long, and never with half an entity, half a mention or half a character at its end. */
export function cutMarkup(mrkdwn: string, most: number): string {
  if (mrkdwn.length <= most) return mrkdwn;
  const whole = mrkdwn
    .slice(0, most - 1)
    .replace(/[\ud800-\udbff]$/, '')
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
