import { parse } from 'dotenv';

/** The text of a `.env` cannot hold what it should; nothing was written. */
export class EnvTextError extends Error {
  override readonly name = 'EnvTextError';
}

const heading = `# Muster's settings, written by muster setup. What each means is in .env.example. Keep this file to yourself.\n`;

/** The same text with these values, each in the place it had, or at the end; everything else stays as it is. */
export function changedEnvText(before: string | undefined, changes: ReadonlyMap<string, string>): string {
  const lines = (before ?? heading).split('\n');
  if (lines.at(-1) === '') lines.pop();
  for (const [name, value] of changes) {
    const line = `${name}=${written(name, value)}`;
    const places = lines.flatMap((each, index) => (sets(each, name) ? [index] : []));
    const [first, ...doubled] = places;
    if (first === undefined) lines.push(line);
    else lines[first] = line;
    for (const index of doubled.reverse()) lines.splice(index, 1);
  }
  const after = `${lines.join('\n')}\n`;
  check(after, { ...parse(before ?? ''), ...Object.fromEntries(changes) });
  return after;
}

function sets(line: string, name: string): boolean {
  return new RegExp(`^\\s*(?:export\\s+)?${name}\\s*[=:]`).test(line);
}

function written(name: string, value: string): string {
  if (/^[\w./:,@+-]*$/.test(value)) return value;
  if (!/[\n\r']/.test(value)) return `'${value}'`;
  throw new EnvTextError(
    `${name} holds a line break or a single quote, which .env cannot hold; nothing was written.`,
  );
}

/** What is read back must be what was meant, whatever else the file holds. */
function check(text: string, wanted: Readonly<Record<string, string>>): void {
  const read = parse(text);
  const wrong = Object.keys({ ...read, ...wanted }).filter((name) => read[name] !== wanted[name]);
  if (wrong.length === 0) return;
  throw new EnvTextError(
    `.env would not be read back as it should (${wrong.join(', ')}); nothing was written. Look for a value of several lines in it.`,
  );
}
