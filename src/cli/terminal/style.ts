import { plain } from '../../language/plain-text.ts';

/** `14:02:07`, on the host's clock. */
export function timeOfDay(at: Date): string {
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map(twoDigits).join(':');
}

/** `2026-11-22 14:02:07`, on the host's clock. */
export function dayAndTime(at: Date): string {
  return `${at.getFullYear()}-${twoDigits(at.getMonth() + 1)}-${twoDigits(at.getDate())} ${timeOfDay(at)}`;
}

/** The time alone where it was today. */
export function moment(at: Date, now: Date): string {
  return at.toDateString() === now.toDateString() ? timeOfDay(at) : dayAndTime(at);
}

/** How far the host's clock is from UTC: `UTC+01:00`. */
export function zone(at: Date): string {
  const minutes = -at.getTimezoneOffset();
  const sign = minutes < 0 ? '-' : '+';
  const size = Math.abs(minutes);
  return size === 0 ? 'UTC' : `UTC${sign}${twoDigits(Math.floor(size / 60))}:${twoDigits(size % 60)}`;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}

/** How a terminal wants its text. */
export interface Style {
  /** Characters in a line. */
  readonly width: number;
  readonly colour: boolean;
}

/** As the terminal behind standard output has room; colour only where a person looks who did not turn it off. */
export function styleOf({ stdout, env }: NodeJS.Process, most = 100): Style {
  return { width: Math.min(stdout.columns ?? 80, most), colour: Boolean(stdout.isTTY) && !env.NO_COLOR };
}

const codes = { red: 31, green: 32, yellow: 33, dim: 90, bold: 1 } as const;

export type Colour = keyof typeof codes;

export function paint({ colour }: Style, as: Colour, text: string): string {
  return colour ? `\u001b[${codes[as]}m${text}\u001b[0m` : text;
}

/** Text from outside on one line: it must not move the cursor, colour anything or turn the writing around. */
export function clean(text: string, most = 1000): string {
  return plain(text, most).replace(/\s+/g, ' ');
}

/** At most `width` wide; what is longer without a blank, such as a path, stays whole: it is there to be copied. */
export function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** A sentence, its further lines set in. */
export function sentence(text: string, { width }: Style, indent = 0): readonly string[] {
  return wrapped(text, width - indent).map((line, index) =>
    index === 0 ? line : `${' '.repeat(indent)}${line}`,
  );
}

/** Two columns: names, and what is to be said of each, set in below itself where it is long. */
export function columns(rows: readonly (readonly [string, string])[], style: Style): readonly string[] {
  const left = Math.min(Math.max(0, ...rows.map(([name]) => name.length)), Math.floor(style.width / 2)) + 4;
  return rows.flatMap(([name, words]) => {
    const lines = wrapped(words, style.width - left);
    const head = `  ${name}`;
    if (head.length > left - 2) return [head, ...lines.map((line) => ' '.repeat(left) + line)];
    return lines.map((line, index) => (index === 0 ? head : '').padEnd(left) + line);
  });
}
