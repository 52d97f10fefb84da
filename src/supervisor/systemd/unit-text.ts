/** A command line that systemd splits into exactly these words. */
export function commandText(words: readonly string[]): string {
  return words.map(quoteWord).join(' ');
}

function quoteWord(word: string): string {
  const escaped = escapeSpecifiers(word)
    .replaceAll('$', '$$$$')
    .replace(/[\\"]/g, '\\$&')
    .replace(
      /[\x01-\x1f\x7f]/g,
      (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
    );
  return `"${escaped}"`;
}

export function escapeSpecifiers(text: string): string {
  return text.replaceAll('%', '%%');
}
