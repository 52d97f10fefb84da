import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { sweepTemporaryFiles, temporaryPath } from '../../../src/team/write-file.ts';
import { temporaryDirectory } from './loaded-team.ts';

test('what killed writers left is removed wherever files are written, and nothing else', async () => {
  const root = temporaryDirectory();
  const directories = ['state', 'state/envs', 'state/mcp', 'state/muster', 'state/muster/args', 'bin'];
  for (const directory of directories) {
    mkdirSync(`${root}/${directory}`, { recursive: true });
    writeFileSync(temporaryPath(`${root}/${directory}`, 'a.env'), 'half');
    writeFileSync(`${root}/${directory}/.a.env.tmp`, 'somebody else’s');
    writeFileSync(`${root}/${directory}/a.env`, 'whole');
  }
  mkdirSync(`${root}/roles`);
  writeFileSync(temporaryPath(`${root}/roles`, 'lead.md'), 'not ours');

  await sweepTemporaryFiles(root);

  const filesIn = (directory: string) =>
    readdirSync(`${root}/${directory}`).filter((name) => name.includes('.'));
  for (const directory of directories) expect(filesIn(directory)).toEqual(['.a.env.tmp', 'a.env']);
  expect(filesIn('roles')).toHaveLength(1);
});

test('a directory of such a name keeps nobody from writing', async () => {
  const root = temporaryDirectory();
  const planted = temporaryPath(`${root}/state`, 'a.env');
  mkdirSync(planted, { recursive: true });

  await sweepTemporaryFiles(root);

  expect(readdirSync(`${root}/state`)).toHaveLength(1);
});

test('a team without a state directory has nothing to sweep', async () => {
  await expect(sweepTemporaryFiles(temporaryDirectory())).resolves.toBeUndefined();
});
