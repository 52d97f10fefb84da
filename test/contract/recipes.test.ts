import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';

const repository = fileURLToPath(new URL('../..', import.meta.url));

interface Step {
  readonly language: string;
  readonly file: string;
  readonly text: string;
}

let copy: string;
const steps = stepsOf(readFileSync(join(repository, 'CONTRIBUTING.md'), 'utf8'));

beforeAll(async () => {
  copy = mkdtempSync(join(tmpdir(), 'muster-recipes-'));
  const listed = await execa('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: repository,
  });
  const files = listed.stdout.split('\0').filter((file) => file !== '' && file !== 'node_modules');
  for (const file of files.filter((each) => existsSync(join(repository, each)))) {
    cpSync(join(repository, file), join(copy, file));
  }
  symlinkSync(join(repository, 'node_modules'), join(copy, 'node_modules'));
  for (const step of steps) follow(step);
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

test('the recipes name every file that has to be touched', () => {
  expect(new Set(steps.map(({ file }) => file))).toEqual(
    new Set([
      ...[
        'src/language/verbs.ts',
        'src/slack/commands/find.ts',
        'src/slack/commands/all-commands.ts',
        'manifest.json',
        'README.md',
      ],
      ...['test/unit/slack/commands/find.test.ts', 'test/e2e/slack/commands.test.ts'],
      ...[
        'src/supervisor/runit/runit-supervisor.ts',
        'src/supervisor/backends.ts',
        'test/contract/runit.test.ts',
      ],
    ]),
  );
});

test('whoever follows them has right types, and files in their layers and as they are formatted', async () => {
  const touched = [...new Set(steps.map(({ file }) => file))].filter((file) => /\.(ts|json)$/.test(file));

  expect(await said('node_modules/.bin/biome', 'check', '--vcs-enabled=false', ...touched)).toMatch(
    /No fixes/,
  );
  expect(await said('node_modules/.bin/tsc')).toBe('');
});

test('the new command answers, has its line in help, in the manifest and in the README', async () => {
  const files = ['slack/commands/find.test.ts', 'layout.test.ts', 'manifest.test.ts'];

  const { passed, failed } = await tested('unit', ...files.map((file) => `test/unit/${file}`));

  expect(failed).toEqual([]);
  expect(passed).toContainEqual(expect.stringMatching(/^\/team help find is answered with/));
  expect(passed).toContain('the manifest hints at every command, in the order of the table');
  expect(passed).toContain("the README's table of commands is the table of Slack's verbs");
});

test('the new back-end is held to the contract, clause by clause', async () => {
  const clauses = 'up starts the agent|was never started';
  const { failed } = await tested('contract', 'test/contract/runit.test.ts', '-t', clauses);

  expect(failed).toContain('up starts the agent');
  expect(failed).toContain('an agent that was never started is stopped');
});

/** The blocks of code that name a file, without what indents them in their list. */
function stepsOf(text: string): readonly Step[] {
  return [...text.matchAll(/^( *)```(ts|diff) (\S+)\n([\s\S]*?)^ *```$/gm)].map(
    ([, indent = '', language = '', file = '', block = '']) => ({
      language,
      file,
      text: block.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    }),
  );
}

/** A change has to fit in exactly one place. */
function follow({ language, file, text }: Step): void {
  const path = join(copy, file);
  if (language === 'ts') {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return;
  }
  const lines = text.replace(/\n$/, '').split('\n');
  const without = (mark: string) =>
    lines
      .filter((line) => !line.startsWith(mark))
      .map((line) => line.slice(1))
      .join('\n');
  const parts = readFileSync(path, 'utf8').split(without('+'));
  if (parts.length !== 2) {
    throw new Error(`the recipe's change of ${file} fits in ${parts.length - 1} places:\n${text}`);
  }
  writeFileSync(path, parts.join(without('-')));
}

async function said(program: string, ...words: readonly string[]): Promise<string> {
  const { all } = await execa(program, words, { cwd: copy, all: true, reject: false });
  return all;
}

interface Report {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly title: string; readonly status: string }[];
  }[];
}

async function tested(
  project: string,
  ...words: readonly string[]
): Promise<{ readonly passed: readonly string[]; readonly failed: readonly string[] }> {
  const report = join(copy, `${project}.json`);
  const options = ['run', '--project', project, '--reporter=json', `--outputFile=${report}`];
  const { all } = await execa(process.execPath, ['node_modules/vitest/vitest.mjs', ...options, ...words], {
    cwd: copy,
    all: true,
    reject: false,
    env: { VITEST: undefined },
  });
  try {
    const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as Report;
    const of = (status: string) =>
      testResults
        .flatMap(({ assertionResults }) => assertionResults)
        .filter((result) => result.status === status)
        .map(({ title }) => title);
    return { passed: of('passed'), failed: of('failed') };
  } catch (cause) {
    throw new Error(`there is no report of the tests:\n${all}`, { cause });
  }
}
