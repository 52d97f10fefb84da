import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { readWorkTree } from '../../src/supervisor/programs/work-tree.ts';
import { executable } from '../fakes/bot/e2e-agents.ts';

const path = process.env.PATH ?? '';

function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'muster-work-tree-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

async function newRepository(): Promise<string> {
  const directory = newDirectory();
  await execa('git', ['init', '-q', directory]);
  return directory;
}

test('a work tree tells how many files are not committed, from any directory in it', async () => {
  const directory = await newRepository();
  mkdirSync(join(directory, 'src'));
  writeFileSync(join(directory, 'src/new.ts'), '');
  writeFileSync(join(directory, 'notes.md'), '');

  expect(await readWorkTree(join(directory, 'src'), path)).toEqual({ uncommitted: 2, isLocked: false });
});

test('a lock that a killed git has left is seen, and nothing is locked by looking', async () => {
  const directory = await newRepository();
  const lock = join(directory, '.git/index.lock');
  expect(await readWorkTree(directory, path)).toEqual({ uncommitted: 0, isLocked: false });
  expect(existsSync(lock)).toBe(false);

  writeFileSync(lock, '');

  expect(await readWorkTree(directory, path)).toEqual({ uncommitted: 0, isLocked: true });
});

test('a directory that is not under git has nothing to tell', async () => {
  expect(await readWorkTree(newDirectory(), path)).toBeUndefined();
  expect(await readWorkTree('/nonexistent', path)).toBeUndefined();
});

test('without git there is nothing to tell', async () => {
  expect(await readWorkTree(await newRepository(), '/nonexistent')).toBeUndefined();
});

test('a git that does not answer is not waited for', async () => {
  const bin = newDirectory();
  executable(join(bin, 'git'), '#!/bin/sh\nexec sleep 1000\n');

  expect(await readWorkTree(await newRepository(), `${bin}:${path}`)).toBeUndefined();
});

test('the program that a repository names for watching its files is not run', async () => {
  const directory = await newRepository();
  const ran = join(newDirectory(), 'ran');
  const program = join(directory, 'watch');
  executable(program, `#!/bin/sh\ntouch ${ran}\n`);
  await execa('git', ['-C', directory, 'config', 'core.fsmonitor', program]);

  expect(await readWorkTree(directory, path)).toEqual({ uncommitted: 1, isLocked: false });
  expect(existsSync(ran)).toBe(false);
});
