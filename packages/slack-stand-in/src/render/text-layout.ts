import { stripVTControlCharacters } from 'node:util';

const wide =
  /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u;

const noWidth = /\p{Mark}|\p{Format}/u;

/** Columns a terminal needs for the text, colours not counted. */
export function columnsOf(text: string): number {
  return [...stripVTControlCharacters(text)].reduce(
    (sum, character) => sum + (noWidth.test(character) ? 0 : wide.test(character) ? 2 : 1),
    0,
  );
}

/** Breaks at spaces, and inside a word only if the word alone is too long. */
export function wrap(text: string, columns: number): string[] {
  return text.split('\n').flatMap((line) => wrapLine(line, Math.max(1, columns)));
}

export function pad(text: string, columns: number, align: 'left' | 'center' | 'right' = 'left'): string {
  const space = Math.max(0, columns - columnsOf(text));
  const before = align === 'right' ? space : align === 'center' ? Math.floor(space / 2) : 0;
  return ' '.repeat(before) + text + ' '.repeat(space - before);
}

export function indent(lines: readonly string[], prefix = '  '): string[] {
  return lines.map((line) => prefix + line);
}

function wrapLine(line: string, columns: number): string[] {
  if (columnsOf(line) <= columns) return [line];
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(/(?<= )/).flatMap((part) => pieces(part, columns))) {
    if (current && columnsOf(current + word.trimEnd()) > columns) {
      lines.push(current.trimEnd());
      current = '';
    }
    current += word;
  }
  return [...lines, current.trimEnd()];
}

function pieces(word: string, columns: number): string[] {
  if (columnsOf(word.trimEnd()) <= columns) return [word];
  const characters = [...word];
  const count = Math.ceil(characters.length / columns);
  return Array.from({ length: count }, (_, index) =>
    characters.slice(index * columns, (index + 1) * columns).join(''),
  );
}
