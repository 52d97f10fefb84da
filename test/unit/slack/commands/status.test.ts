import { expect, test } from 'vitest';
import { covers, wholeTeam } from '../../../../src/domain/selection.ts';
import { JournalError } from '../../../../src/journal/journal.ts';
import { readWatchedStatus } from '../../../../src/site/read-status.ts';
import { createCrashLoops } from '../../../../src/watch/alerts/crash-loops.ts';
import { createRunningTeam, shop, shopYaml } from '../../operations/team-under-test.ts';
import { type BotUnderTest, startBot } from '../bot-under-test.ts';

const minute = 60_000;

/** The table's rows, as text. */
function rowsOf(bot: BotUnderTest): readonly string[] {
  const table = bot.last().blocks?.find((block) => block.type === 'table');
  const rows = (table as { rows?: unknown[] } | undefined)?.rows ?? [];
  return rows.map((row) =>
    [...JSON.stringify(row).matchAll(/"text":"([^"]*)"/g)].map(([, t]) => t).join('|'),
  );
}

/** Six deaths within twelve minutes. */
function crashes(bot: Pick<BotUnderTest, 'team'>, id: 'shop:pay'): void {
  const loops = createCrashLoops(bot.team.records.journal, { of: () => undefined });
  for (const ago of [12, 10, 8, 6, 4, 2]) {
    const at = new Date(Date.now() - ago * minute);
    loops.take({ kind: 'died', id, at, end: { kind: 'exited', code: 3, at }, restarts: true });
  }
}

test('status names the agent in a crash loop first, though it runs at this moment, and whose alerts are muted', async () => {
  await using bot = await startBot();
  crashes(bot, 'shop:pay');
  await bot.say('ana', '/team mute shop:cart 30m');

  await bot.say('bo', '/team status shop');

  expect(rowsOf(bot)[1]).toMatch(/^shop:pay\|running since \|-\|crash loop: 6 deaths in 12 min$/);
  expect(rowsOf(bot).filter((row) => row.includes('muted until'))).toEqual([
    expect.stringMatching(/^shop:cart\|.*\|muted until $/),
  ]);
  expect(bot.last().text).toContain('shop:pay running, in a crash loop');
});

test('a mute of the project is a note on each of its agents, gone when it is ended', async () => {
  await using bot = await startBot();
  await bot.say('ana', '/team mute shop 30m');
  await bot.say('bo', '/team status');
  expect(rowsOf(bot).slice(1)).toEqual(rowsOf(bot).filter((row) => row.includes('muted until')));

  await bot.say('ana', '/team unmute shop');
  await bot.say('bo', '/team status');

  expect(rowsOf(bot).length).toBeGreaterThan(1);
  expect(rowsOf(bot).filter((row) => row.includes('muted until'))).toEqual([]);
});

test('of several mutes the one that lasts longest is named', async () => {
  const { host } = await createRunningTeam({ projects: { shop: shopYaml } });
  const mute = (what: string, minutes: number) => ({
    ...{ id: minutes, what, by: 'U0ANA00000', since: new Date() },
    until: new Date(Date.now() + minutes * minute),
  });
  const all = () => [mute('shop:pay', 10), mute(wholeTeam, 30), mute('shop', 20)];

  const status = await readWatchedStatus(host, shop, {
    crashLoops: { all: () => [], of: () => undefined },
    mutes: { all },
  });

  expect(status.agents.map((agent) => agent.mute?.id)).toEqual(status.agents.map(() => 30));
});

test('looking goes on when the journal cannot say what is muted', async () => {
  const { host } = await createRunningTeam({ projects: { shop: shopYaml } });
  const all = () => {
    throw new JournalError('disk full');
  };

  const status = await readWatchedStatus(host, shop, {
    crashLoops: { all, of: () => undefined },
    mutes: { all },
  });

  expect(status.agents.map(({ seen }) => seen.state)).toContain('running');
});

test.each([
  [wholeTeam, undefined, true],
  [wholeTeam, 'shop:pay', true],
  ['shop', 'shop:pay', true],
  ['shop', 'shop2:pay', false],
  ['shop', undefined, false],
  ['shop:pay', 'shop:pay2', false],
] as const)('a mute of %s covers %s: %s', (what, agent, expected) => {
  expect(covers({ what }, agent)).toBe(expected);
});
