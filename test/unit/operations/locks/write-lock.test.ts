import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { execa, execaSync } from 'execa';
import { afterAll, expect, test } from 'vitest';
import { inTurn } from '../../../../src/operations/locks/write-lock.ts';

const top = realpathSync(mkdtempSync(join(tmpdir(), 'muster-turn-')));
afterAll(() => rmSync(top, { recursive: true, force: true }));

const program = fileURLToPath(new URL('../../../fakes/bot/turn-process.ts', import.meta.url));
const newRoot = () => mkdtempSync(join(top, 'root-'));

test('several processes that want their turn all the time all get it, one after the other', async () => {
  const root = newRoot();
  writeFileSync(`${root}/count`, '0');

  await Promise.all([1, 2, 3].map(() => execa(process.execPath, [program, root, '40'])));

  expect(readFileSync(`${root}/count`, 'utf8')).toBe('120');
}, 30_000);

test('turns in one process come in the order they were asked for, also after one that failed', async () => {
  const root = newRoot();
  const order: number[] = [];
  const failed = inTurn(root, () => Promise.reject(new Error('no')));
  const turns = [1, 2, 3].map((turn) => inTurn(root, async () => void order.push(turn)));

  await expect(failed).rejects.toThrow('no');
  await Promise.all(turns);
  expect(order).toEqual([1, 2, 3]);
});

test('a turn ends also while somebody looks into the database', async () => {
  const root = newRoot();
  await inTurn(root, (database) => database.exec('CREATE TABLE t (n INTEGER)'));
  const looking = new DatabaseSync(`${root}/state/muster/lock.db`);
  looking.exec('BEGIN');
  looking.prepare('SELECT * FROM t').all();
  setTimeout(() => looking.close(), 50);

  await inTurn(root, (database) => database.exec('INSERT INTO t VALUES (1)'));

  const rows = await inTurn(root, (database) => database.prepare('SELECT * FROM t').all());
  expect(rows).toHaveLength(1);
});

test('a turn that fails leaves nothing in the database', async () => {
  const root = newRoot();
  await inTurn(root, (database) => database.exec('CREATE TABLE t (n INTEGER)'));
  const failing = inTurn(root, (database) => {
    database.exec('INSERT INTO t VALUES (1)');
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');

  const rows = await inTurn(root, (database) => database.prepare('SELECT * FROM t').all());
  expect(rows).toEqual([]);
});

test('no lock is put outside of the team, where a link leads', async () => {
  const root = newRoot();
  mkdirSync(`${root}/state`);
  symlinkSync(newRoot(), `${root}/state/muster`);

  await expect(inTurn(root, () => 1)).rejects.toThrow(/outside/);
});

test.each([
  ['a link to another database', 'lock.db', (path: string) => symlinkSync('journal.db', path)],
  ['a directory', 'lock.db', (path: string) => mkdirSync(path)],
  ['a pipe for its journal', 'lock.db-journal', (path: string) => void execaSync('mkfifo', [path])],
])(
  '%s that an agent has laid there is named, and neither followed nor waited for',
  async (_what, name, lay) => {
    const root = newRoot();
    mkdirSync(`${root}/state/muster`, { recursive: true });
    const journal = new DatabaseSync(`${root}/state/muster/journal.db`);
    const path = `${root}/state/muster/${name}`;
    lay(path);

    await expect(inTurn(root, (database) => database.exec('CREATE TABLE t (n INTEGER)'))).rejects.toThrow(
      new RegExp(`${path} is .*; expected a regular file: remove it`),
    );
    expect(journal.prepare('SELECT name FROM sqlite_master').all()).toEqual([]);
    journal.close();
  },
);
