/**
 * The words of a slash command's text as the person meant them: Slack turns quotes and dashes into typographic ones,
 * wraps links and mentions in angle brackets, and any kind of space may be typed or pasted.
 */
export function wordsOf(text: string): readonly string[] {
  return unwrapLinks(text)
    .replace(/[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, '')
    .replace(/(^|\s)[\u2012-\u2015\u2212](?=\p{L})/gu, '$1--')
    .replace(/[\u2010\u2011]/g, '-')
    .replace(/["'`\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u00ab\u00bb]/g, ' ')
    .normalize('NFC')
    .split(/[\s\p{Z}]+/u)
    .filter((word) => word !== '');
}

/** `<http://shop|shop>` was typed as `shop`, `<http://shop>` as `http://shop`. */
function unwrapLinks(text: string): string {
  return text
    .replace(/<[^<>|]*\|([^<>]*)>/g, '$1')
    .replace(/<([^<>]*)>/g, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
