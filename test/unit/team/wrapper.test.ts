import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { installWrapper, oursAmong, wrapperToBe } from '../../../src/team/wrapper.ts';
import { everyPlant, lay } from '../../fakes/team/plants.ts';
import { temporaryDirectory } from './loaded-team.ts';

const version = (number: number, more = '') => `#!/bin/sh\n# muster-wrapper v${number}\n${more}`;

function rootWith(text?: string): string {
  const root = temporaryDirectory();
  mkdirSync(join(root, 'bin'));
  if (text !== undefined) writeFileSync(join(root, 'bin/agent-wrapper.sh'), text);
  return root;
}

const installedIn = (root: string) => readFileSync(join(root, 'bin/agent-wrapper.sh'), 'utf8');

test('where there is none, ours is installed and can be run', async () => {
  const root = temporaryDirectory();

  expect(await installWrapper(root, version(1))).toBe('installed');
  expect(installedIn(root)).toBe(version(1));
  expect(statSync(join(root, 'bin/agent-wrapper.sh')).mode & 0o777).toBe(0o755);
});

test.each([
  ['somebody else’s', '#!/bin/bash\nexec claude\n'],
  ['one that only mentions the mark', '#!/bin/sh\n\n# muster-wrapper v1\n'],
  ['an empty one', ''],
])('%s is left alone', async (_name, text) => {
  const root = rootWith(text);

  expect(await installWrapper(root, version(2))).toBe('foreign');
  expect(installedIn(root)).toBe(text);
});

test.each(['here', 'nowhere'])('a link to %s is left alone', async (target) => {
  const root = rootWith();
  writeFileSync(join(root, 'here'), version(1));
  symlinkSync(join(root, target), join(root, 'bin/agent-wrapper.sh'));

  expect(await installWrapper(root, version(2))).toBe('foreign');
  expect(readFileSync(join(root, 'here'), 'utf8')).toBe(version(1));
});

test('an older one of ours is replaced by rename', async () => {
  const root = rootWith(version(1));
  const { ino } = statSync(join(root, 'bin/agent-wrapper.sh'));

  expect(await installWrapper(root, version(2))).toBe('upgraded');
  expect(installedIn(root)).toBe(version(2));
  expect(statSync(join(root, 'bin/agent-wrapper.sh'))).toMatchObject({
    ino: expect.not.toSatisfy((now) => now === ino),
  });
});

test('one of ours that was edited is put right', async () => {
  const root = rootWith(version(2, 'rm -rf /\n'));

  expect(await installWrapper(root, version(2))).toBe('upgraded');
  expect(installedIn(root)).toBe(version(2));
});

test('the same one is not written again', async () => {
  const root = rootWith(version(2));
  const { ino } = statSync(join(root, 'bin/agent-wrapper.sh'));

  expect(await installWrapper(root, version(2))).toBe('current');
  expect(statSync(join(root, 'bin/agent-wrapper.sh')).ino).toBe(ino);
});

test('a later one of ours is not taken back', async () => {
  const root = rootWith(version(10));

  expect(await installWrapper(root, version(9))).toBe('newer');
  expect(installedIn(root)).toBe(version(10));
});

test('the one that is shipped carries the mark', async () => {
  const root = temporaryDirectory();
  await installWrapper(root);

  expect(installedIn(root)).toMatch(/^#!\/bin\/sh\n# muster-wrapper v[0-9]+\n/);
});

test('among wrappers ours are told by their mark, whatever their version', async () => {
  const [ours, old, foreign, none] = [
    rootWith(),
    rootWith(version(1)),
    rootWith('#!/bin/sh\n'),
    rootWith(),
  ].map((root) => join(root, 'bin/agent-wrapper.sh')) as [string, string, string, string];
  await installWrapper(join(ours, '../..'));

  expect(await oursAmong(new Set([ours, old, foreign, none]))).toEqual(new Set([ours, old]));
});

test.each(['a directory', 'a named pipe'] as const)(
  '%s is no wrapper: ours is put in its place',
  async (plant) => {
    const root = rootWith();
    lay(plant, join(root, 'bin/agent-wrapper.sh'));

    expect(await installWrapper(root, version(1))).toBe('installed');
    expect(installedIn(root)).toBe(version(1));
  },
);

test.each(everyPlant.filter((plant) => plant.startsWith('a link') || plant.includes('GB')))(
  '%s is left alone, and what agents are started with is not known',
  async (plant) => {
    const root = rootWith();
    lay(plant, join(root, 'bin/agent-wrapper.sh'));

    expect(await installWrapper(root, version(1))).toBe('foreign');
    expect(await wrapperToBe(root)).toBeUndefined();
    expect(await oursAmong(new Set([join(root, 'bin/agent-wrapper.sh')]))).toEqual(new Set());
  },
);
