import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repository = fileURLToPath(new URL('../../../', import.meta.url));

/** Every page that people read, by its path in the repository. */
export const documents: ReadonlyMap<string, string> = new Map(
  ['.', 'docs', 'docs/adr']
    .flatMap((folder) => readdirSync(join(repository, folder)).map((name) => join(folder, name)))
    .filter((path) => path.endsWith('.md'))
    .map((path) => [path, readFileSync(join(repository, path), 'utf8')]),
);

export const readme = documents.get('README.md') ?? '';

/** The text below a heading, up to the next of its level. */
export function chapter(text: string, heading: string): string {
  const [, rest = ''] = text.split(`\n## ${heading}\n`);
  return rest.split('\n## ')[0] ?? '';
}

/** A test by its file and its name as it stands there. */
export interface Proof {
  readonly file: string;
  readonly name: string;
}

/** Those that are not there. */
export function missing(proofs: readonly Proof[]): readonly Proof[] {
  return proofs.filter(({ file, name }) => !textOf(file).includes(name));
}

function textOf(file: string): string {
  try {
    return readFileSync(join(repository, 'test', file), 'utf8');
  } catch {
    return '';
  }
}
