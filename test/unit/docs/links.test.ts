import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { documents, missing, type Proof, repository } from './documents.ts';

interface Link {
  readonly from: string;
  readonly to: string;
}

test('every link and picture in the documentation leads somewhere', () => {
  const links = [...documents].flatMap(([from, text]) =>
    [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)|(?:src|srcset|href)="([^"]+)"/g)].map(
      ([, markdown, html]): Link => ({ from, to: markdown ?? html ?? '' }),
    ),
  );
  const own = links.filter(({ to }) => !/^https?:/.test(to));

  expect(own.length).toBeGreaterThan(10);
  expect(own.filter((link) => !leadsSomewhere(link))).toEqual([]);
});

test('every file that the documentation names is there', () => {
  const named = [...documents].flatMap(([from, text]) =>
    [...text.matchAll(/`((?:src|packages|docs|test|bench|\.github)\/[\w./-]*\w\/?)`/g)].map(
      ([, to = '']): Link => ({ from, to }),
    ),
  );

  expect(named.length).toBeGreaterThan(10);
  expect(named.filter(({ to }) => !/NAME/.test(to) && !existsSync(join(repository, to)))).toEqual([]);
});

test('every file of the source and every test that a page names without its folder is there', () => {
  const named = [...documents].flatMap(([from, text]) =>
    [...text.matchAll(/`((?:\w[\w-]*\/)+[\w-]+(?:\.ts)?)`/g)].map(([, to = '']): Link => ({ from, to })),
  );
  const sources = named.filter(({ to }) =>
    /^(?:domain|language|log|journal|team|supervisor|operations|watch|site|slack|cli|sandbox)\/.*\.ts$/.test(
      to,
    ),
  );
  const tests = named.filter(({ to }) => /^(?:unit|contract|e2e)\//.test(to));

  expect(sources.length).toBeGreaterThan(10);
  expect(tests.length).toBeGreaterThan(10);
  expect(sources.filter(({ to }) => !existsSync(join(repository, 'src', to)))).toEqual([]);
  expect(
    tests.filter(
      ({ to }) => !['.test.ts', '.ts'].some((end) => existsSync(join(repository, 'test', to + end))),
    ),
  ).toEqual([]);
});

test('every test that a page names by some of its words is there', () => {
  const named = [...documents.values()].flatMap((text) =>
    [...text.matchAll(/`((?:unit|contract|e2e)\/[\w/-]+)`: "([^"]+)"/g)].map(
      ([, file, name = '']): Proof => ({ file: `${file}.test.ts`, name }),
    ),
  );

  expect(named.length).toBeGreaterThan(2);
  expect(missing(named)).toEqual([]);
});

function leadsSomewhere({ from, to }: Link): boolean {
  const [file = '', anchor] = to.split('#');
  const path = file === '' ? from : join(dirname(from), file);
  if (anchor === undefined) return existsSync(join(repository, path));
  return anchorsOf(documents.get(path) ?? '').includes(anchor);
}

/** As GitHub makes them. */
function anchorsOf(text: string): readonly string[] {
  return [...withoutCode(text).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function withoutCode(text: string): string {
  return text.replace(/^```[\s\S]*?^```/gm, '');
}
