import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { verbsIn } from '../../../src/language/verbs.ts';
import { directoryForTest, muster, runScript } from '../../fakes/bot/e2e-program.ts';

test('through a link from anywhere it runs on the Node that npm ci brought, whatever the PATH has', async () => {
  const directory = directoryForTest();
  for (const folder of ['bin', 'lib', 'old']) mkdirSync(join(directory, folder));
  symlinkSync(muster, join(directory, 'lib/muster'));
  symlinkSync('../lib/muster', join(directory, 'bin/muster'));
  writeFileSync(join(directory, 'old/node'), '#!/bin/sh\nexit 9\n');
  chmodSync(join(directory, 'old/node'), 0o755);

  const { stdout } = await execa(join(directory, 'bin/muster'), ['help', 'drain'], {
    cwd: directory,
    env: { PATH: `${join(directory, 'old')}:${process.env.PATH}` },
    extendEnv: false,
  });

  expect(stdout).toMatch(/^muster drain project\[:agent\] \[45s\] \[--yes\]\n/);
});

test.each([
  ['dran', 2, /^There is no verb dran\. Did you mean drain\? Nothing was touched\. All verbs: muster help$/],
  [
    'drain shop --yse',
    2,
    /^drain has no option --yse\. Did you mean --yes\? Nothing was touched\. Usage: muster drain project/,
  ],
  [
    'completion tcsh',
    2,
    /^tcsh is no shell that is known here; there are bash, zsh and fish\. Nothing was touched\. Usage: muster completion /,
  ],
  ['start shop', 2, /^shop is one word too many\. Nothing was touched\. Usage: muster start; /],
])('muster %s ends with %i, and says what is meant', async (words, code, said) => {
  const typed = await execa(muster, words.split(' '), { cwd: directoryForTest(), reject: false });

  expect(typed.exitCode).toBe(code);
  expect(typed.stderr.replace(/\s+/g, ' ')).toMatch(said);
  expect(typed.stdout).toBe('');
});

test.each([['help'], ['--help'], ['-h']])('muster %s has every verb', async (word) => {
  const program = runScript(word, directoryForTest());

  expect(await program.ended()).toBe(0);
  for (const { name } of verbsIn('terminal'))
    expect(program.stdout()).toMatch(new RegExp(`^  ${name} `, 'm'));
});

test('start runs the bot, which says what it lacks and ends with the status that no restart mends', async () => {
  const bot = await execa(muster, ['start'], {
    cwd: directoryForTest(),
    reject: false,
    env: { PATH: process.env.PATH },
    extendEnv: false,
  });

  expect(bot.exitCode).toBe(78);
  expect(bot.stderr).toMatch(/^Muster does not start:\n- SLACK_BOT_TOKEN is missing/);
});
