import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { OutsideDirectoryError, replaceFile } from '../../../src/team/write-file.ts';
import { temporaryDirectory } from './loaded-team.ts';

const modeOf = (path: string) => statSync(path).mode & 0o7777;

test('a new file gets its directories and the default mode', async () => {
  const within = temporaryDirectory();
  await replaceFile({ within, path: 'state/envs/shop-pay.env', content: 'A=1\n' });

  expect(readFileSync(join(within, 'state/envs/shop-pay.env'), 'utf8')).toBe('A=1\n');
  expect(modeOf(join(within, 'state/envs/shop-pay.env'))).toBe(0o666 & ~process.umask());
});

test.each([0o600, 0o664])('an existing file keeps its mode %i, unless another is asked for', async (mode) => {
  const within = temporaryDirectory();
  writeFileSync(join(within, 'secret'), 'old');
  chmodSync(join(within, 'secret'), mode);

  await replaceFile({ within, path: 'secret', content: 'new' });
  expect(modeOf(join(within, 'secret'))).toBe(mode);
  await replaceFile({ within, path: 'secret', content: Buffer.from('newer'), mode: 0o755 });
  expect(modeOf(join(within, 'secret'))).toBe(0o755);
  expect(readFileSync(join(within, 'secret'), 'utf8')).toBe('newer');
});

test('whoever has the old file open goes on reading the old text', async () => {
  const within = temporaryDirectory();
  await replaceFile({ within, path: 'file', content: 'old' });
  const { ino } = statSync(join(within, 'file'));
  await replaceFile({ within, path: 'file', content: 'new' });

  expect(statSync(join(within, 'file')).ino).not.toBe(ino);
});

test('a write that fails leaves the old file and nothing beside it', async () => {
  const within = temporaryDirectory();
  mkdirSync(join(within, 'state'));
  writeFileSync(join(within, 'state/applied.json'), 'old');

  const written = replaceFile({ within, path: 'state/applied.json', content: 1 as never });

  await expect(written).rejects.toThrow();
  expect(readdirSync(join(within, 'state'))).toEqual(['applied.json']);
  expect(readFileSync(join(within, 'state/applied.json'), 'utf8')).toBe('old');
});

test.each(['state', 'state/envs'])('nothing is written through %s when it leads elsewhere', async (link) => {
  const within = temporaryDirectory();
  const elsewhere = temporaryDirectory();
  mkdirSync(join(within, link, '..'), { recursive: true });
  symlinkSync(elsewhere, join(within, link));

  await expect(replaceFile({ within, path: 'state/envs/a.env', content: 'x' })).rejects.toThrow(
    OutsideDirectoryError,
  );
  expect(readdirSync(elsewhere)).toEqual([]);
});

test('nothing is written above the directory', async () => {
  const within = join(temporaryDirectory(), 'team');
  mkdirSync(within);

  await expect(replaceFile({ within, path: '../evil', content: 'x' })).rejects.toThrow(/outside/);
  await expect(replaceFile({ within, path: '../teamwork/evil', content: 'x' })).rejects.toThrow(/outside/);
  expect(readdirSync(join(within, '..'))).toEqual(['team']);
});

test('a link to a directory inside is followed', async () => {
  const within = temporaryDirectory();
  mkdirSync(join(within, 'real'));
  symlinkSync(join(within, 'real'), join(within, 'state'));
  await replaceFile({ within, path: 'state/a', content: 'x' });

  expect(readFileSync(join(within, 'real/a'), 'utf8')).toBe('x');
});

test('a link in the file’s own place is replaced, and what it pointed to stays', async () => {
  const within = temporaryDirectory();
  const elsewhere = join(temporaryDirectory(), 'victim');
  writeFileSync(elsewhere, 'mine');
  symlinkSync(elsewhere, join(within, 'a'));
  await replaceFile({ within, path: 'a', content: 'x' });

  expect(readFileSync(elsewhere, 'utf8')).toBe('mine');
  expect(readFileSync(join(within, 'a'), 'utf8')).toBe('x');
});

test('a directory in the way is moved aside, and is no model for the file', async () => {
  const within = temporaryDirectory();
  mkdirSync(join(within, 'a.env/deep'), { recursive: true });

  await replaceFile({ within, path: 'a.env', content: 'A=1\n' });

  expect(readFileSync(join(within, 'a.env'), 'utf8')).toBe('A=1\n');
  expect(modeOf(join(within, 'a.env'))).toBe(0o666 & ~process.umask());
  expect(readdirSync(within).filter((name) => name.endsWith('.in-the-way'))).toHaveLength(1);
});
