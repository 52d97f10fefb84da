import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const begin = '<!-- last run: written by the program -->';
const end = '<!-- end of last run -->';

/** Puts a run's table in place of the last one in a page of the repository. */
export function writeLastRun(page: string, lines: readonly string[]): void {
  const path = fileURLToPath(new URL(`../${page}`, import.meta.url));
  const text = readFileSync(path, 'utf8');
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from)
    throw new Error(`${page} has no place for the last run: "${begin}" and "${end}"`);
  writeFileSync(path, `${text.slice(0, from + begin.length)}\n\n${lines.join('\n')}\n\n${text.slice(to)}`);
}
