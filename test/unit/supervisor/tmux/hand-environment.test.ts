import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { handEnvironment } from '../../../../src/supervisor/tmux/hand-environment.ts';

function newRoot(): string {
  const root = mkdtempSync(join(tmpdir(), 'muster-environment-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  mkdirSync(join(root, 'state/muster'), { recursive: true });
  return root;
}

test('where an agent has laid a link in place of the directory, nothing is deleted or written where it leads', async () => {
  const root = newRoot();
  const journal = join(root, 'state/muster/journal.db');
  writeFileSync(journal, '');
  utimesSync(journal, 1, 1);
  symlinkSync('.', join(root, 'state/muster/environment'));

  await expect(handEnvironment(root, {})).rejects.toThrow(/environment is a link; expected a directory/);
  expect(existsSync(journal)).toBe(true);
});

test('a file in place of the directory is named', async () => {
  const root = newRoot();
  writeFileSync(join(root, 'state/muster/environment'), '');

  await expect(handEnvironment(root, {})).rejects.toThrow(/environment is no directory; expected/);
});

test('what a crash kept from being read goes after a while, and what is new stays', async () => {
  const root = newRoot();
  const first = await handEnvironment(root, { A: 'b' });
  const [old = ''] = first.prefix.slice(-1);
  utimesSync(old, 1, 1);

  const second = await handEnvironment(root, { A: 'b' });

  expect([existsSync(old), existsSync(second.prefix.at(-1) ?? '')]).toEqual([false, true]);
});
