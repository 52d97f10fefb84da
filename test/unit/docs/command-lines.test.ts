import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { documents, missing, type Proof, readme, repository } from './documents.ts';

const { scripts } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

/** What runs each command line of the README: a test, CI, or a person. */
const runBy: Readonly<Record<string, Proof | 'CI' | { readonly person: string }>> = {
  'npm ci': 'CI',
  'npm test': 'CI',
  'npm run sandbox -- --open': {
    person: 'it opens a browser; but for that it is `npm run sandbox`, which test/e2e/sandbox.test.ts runs',
  },
  'npm run demo': { file: 'e2e/sandbox.test.ts', name: 'the demo plays its scenes against the real bot' },
  'npm run demo -- --record FILE': { file: 'e2e/sandbox.test.ts', name: 'writes them down if told so' },
  'muster setup': { file: 'e2e/cli/setup.test.ts', name: 'in a terminal each value is checked' },
  'TEAM_ROOT=/srv/shop/.team muster setup': {
    file: 'e2e/cli/setup.test.ts',
    name: '--yes takes the values from the environment',
  },
  'muster setup --yes': {
    file: 'e2e/cli/setup.test.ts',
    name: '--yes takes the values from the environment',
  },
  'muster setup --service system': {
    file: 'e2e/cli/setup-two-users.test.ts',
    name: 'agents start as their own user',
  },
  'muster setup --yes --service user': {
    file: 'e2e/crash/service-survives.test.ts',
    name: 'an upgrade: the newer one takes up the journal of the older',
  },
  'muster doctor': { file: 'e2e/cli/doctor.test.ts', name: 'on a host where all is well' },
  'muster live-check --channel C0123ABCD --delete': {
    file: 'e2e/cli/live-check.test.ts',
    name: 'on the terminal they stay until somebody has looked',
  },
  'muster live-check --list': {
    file: 'e2e/cli/live-check.test.ts',
    name: 'it lists what it would post without any settings',
  },
  'npm start': { file: 'e2e/slack/commands.test.ts', name: '/team alone is help' },
  'cp .env.example .env': { file: 'unit/settings.test.ts', name: '.env.example, copied and not filled in' },
  'chmod 600 .env': { file: 'e2e/cli/doctor.test.ts', name: 'a .env that others may read' },
  'muster start': { file: 'e2e/cli/muster.test.ts', name: 'start runs the bot' },
  'muster status --json': { file: 'e2e/cli/team-command.test.ts', name: 'a program can read it' },
  'muster history shop --since 2h --markdown': {
    file: 'unit/cli/team/read-verb.test.ts',
    name: 'history shop --since 2h --markdown',
  },
  'muster completion bash': { file: 'unit/cli/completion.test.ts', name: 'bash completes' },
  'npm link': { file: 'e2e/cli/muster.test.ts', name: 'through a link from anywhere' },
  'npx muster': { file: 'e2e/cli/muster.test.ts', name: 'through a link from anywhere' },
  'sudo -u muster bin/muster status': { person: 'it needs sudo; the command itself is the one above' },
  'loginctl enable-linger': { person: 'it changes how the host treats a person who logs out' },
};

test('every command line of the README is run by a test, by CI, or for a reason by a person', () => {
  const lines = commandLines(readme);

  expect([...new Set(lines)].filter((line) => !(line in runBy))).toEqual([]);
  expect(Object.keys(runBy).filter((line) => !lines.includes(line))).toEqual([]);
});

test('the tests that run them are there', () => {
  const proofs = Object.values(runBy).filter((by): by is Proof => typeof by === 'object' && 'file' in by);

  expect(missing(proofs)).toEqual([]);
});

test('what CI runs is in its script', () => {
  const script = readFileSync(join(repository, '.ci/run'), 'utf8').split('\n');
  const byCi = Object.keys(runBy).filter((line) => runBy[line] === 'CI');

  expect(byCi.filter((line) => !script.includes(line))).toEqual([]);
});

test('every script that the documentation names is there, and every one that is there is named', () => {
  const all = [...documents.values()].join('\n');
  const named = [...all.matchAll(/\bnpm (?:run (?:--silent )?([a-z:-]*[a-z])|(start|test)\b)/g)].map(
    ([, script, short]) => script ?? short,
  );

  expect(new Set(named)).toEqual(new Set(Object.keys(scripts)));
});

/** In blocks of sh and between backticks, but for the tables, which other tests look at. */
function commandLines(text: string): readonly string[] {
  const blocks = [...text.matchAll(/^```sh\n([\s\S]*?)^```/gm)].flatMap(([, block = '']) =>
    block.split('\n'),
  );
  const prose = text.replace(/^```[\s\S]*?^```/gm, '').replace(/^\|.*$/gm, '');
  const inline = [...prose.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code.replaceAll('\n', ' '));
  const isCommand =
    /^(?:TEAM_ROOT=\S+ |sudo -u \w+ )?(?:(?:bin\/)?muster \S|npx |npm (?:ci|link|run|start|test)\b|cp |chmod |loginctl )/;
  return [...blocks, ...inline].filter((line) => isCommand.test(line)).flatMap((line) => line.split(' && '));
}
