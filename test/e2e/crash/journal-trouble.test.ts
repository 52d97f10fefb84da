import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { execaSync } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { projectFile } from '../../fakes/bot/e2e-agents.ts';
import { type E2eBot, startE2eBotForTest } from '../../fakes/bot/e2e-bot.ts';

const projects = { shop: projectFile('shop', { workers: { pay: 'polite', mule: 'stubborn' } }) };
const destructive = [
  '/team drain shop:pay',
  '/team down shop',
  '/team reload shop --force',
  '/team restart shop:pay',
];

/** Everybody can look, nobody can change anything, and every refusal says why. */
async function expectOnlyLooks(bot: E2eBot, why: RegExp): Promise<void> {
  const pids = ['shop:pay', 'shop:mule'].map((id) => bot.team.pid(id));

  const status = await bot.sayAndWait('bo', '/team status');
  expect(bot.text(status)).toContain('2 of 2 running');
  for (const command of destructive) {
    const answer = await bot.sayAndWait('ana', command);
    expect(answer.onlyVisibleTo, command).toBe(bot.slack.workspace.person('ana').id);
    expect(answer.text, command).toMatch(why);
    expect(answer.text, command).toContain('Nothing was touched.');
  }
  expect(['shop:pay', 'shop:mule'].map((id) => bot.team.pid(id))).toEqual(pids);
}

test.each<[string, RegExp, (file: string) => void]>([
  [
    'is no database',
    /journal\.db cannot be used: file is not a database\. Move the file away/,
    (file) => writeFileSync(file, 'nothing that SQLite wrote. '.repeat(200)),
  ],
  [
    'is of a newer Muster',
    /was written by a newer Muster \(version 99; .*Run that one, or move the file away/,
    (file) => {
      const database = new DatabaseSync(file);
      database.exec('pragma user_version = 99');
      database.close();
    },
  ],
  [
    'cannot be opened',
    /journal\.db cannot be used: .*directory.*\. See to the disk/,
    (file) => {
      rmSync(file);
      mkdirSync(file);
    },
  ],
])('with a journal that %s status still works and nothing destructive runs', async (_what, why, damage) => {
  const bot = await startE2eBotForTest({ team: { projects } });
  await bot.end('SIGTERM');
  const file = join(bot.team.root, 'state/muster/journal.db');
  for (const more of ['-wal', '-shm']) rmSync(`${file}${more}`, { force: true });
  damage(file);

  await bot.startAgain();

  await expectOnlyLooks(bot, why);
  expect(bot.log()).toContain('nothing can be changed without the journal');
});

test('on a full disk status still works and nothing destructive runs; with room again it does', async () => {
  const disk = tinyDisk();
  if (disk === undefined) return;
  const bot = await startE2eBotForTest({ team: { projects }, settings: { MUSTER_STATE_DIR: disk.path } });
  disk.fill();

  await expectOnlyLooks(bot, /journal\.db cannot be used: database or disk is full\. See to the disk/);

  disk.free();
  const card = await bot.sayAndWait('ana', '/team drain shop:pay');
  expect(bot.text(card)).toContain('Graceful');
  expect(bot.team.pid('shop:pay')).toBeUndefined();
});

test.each([
  ['the journal', 'own'],
  ['all of the team’s state', 'state'],
])(
  'with %s on a file system that is read only status still works and nothing destructive runs',
  async (_what, place) => {
    const own = mkdtempSync(join(tmpdir(), 'muster-disk-'));
    onTestFinished(() => rmSync(own, { recursive: true }));
    const bot = await startE2eBotForTest({
      team: { projects },
      settings: place === 'own' ? { MUSTER_STATE_DIR: own } : {},
    });
    await bot.end('SIGTERM');
    if (!makeReadOnly(place === 'own' ? own : join(bot.team.root, 'state'))) return;

    await bot.startAgain();

    await expectOnlyLooks(bot, /journal\.db cannot be used: .*read-?only.*\. See to the disk/);
    expect(bot.log()).toContain('nothing can be changed without the journal');
  },
);

/** False: only root can. */
function makeReadOnly(path: string): boolean {
  const bound = execaSync('mount', ['--bind', path, path], { reject: false });
  if (bound.failed) {
    process.stdout.write(`read-only file system: skipped, ${bound.stderr}\n`);
    return false;
  }
  onTestFinished(() => {
    execaSync('umount', ['--lazy', path]);
  });
  execaSync('mount', ['-o', 'remount,bind,ro', path]);
  return true;
}

/** Only root can make one. */
function tinyDisk(): { readonly path: string; fill(): void; free(): void } | undefined {
  const path = mkdtempSync(join(tmpdir(), 'muster-disk-'));
  const mounted = execaSync('mount', ['-t', 'tmpfs', '-o', 'size=1m,mode=0700', 'tmpfs', path], {
    reject: false,
  });
  if (mounted.failed) {
    rmSync(path, { recursive: true });
    process.stdout.write(`full disk: skipped, ${mounted.stderr}\n`);
    return undefined;
  }
  const filler = join(path, 'filler');
  onTestFinished(() => {
    execaSync('umount', ['--lazy', path]);
    rmSync(path, { recursive: true });
  });
  return {
    path,
    fill() {
      for (let size = 1 << 20; size >= 1; size = Math.floor(size / 2)) {
        while (addTo(filler, size));
      }
    },
    free: () => rmSync(filler),
  };
}

function addTo(file: string, bytes: number): boolean {
  try {
    appendFileSync(file, Buffer.alloc(bytes));
    return true;
  } catch {
    return false;
  }
}
