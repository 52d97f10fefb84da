import { afterAll, beforeAll, expect, test } from 'vitest';
import { projectFile } from '../../fakes/bot/e2e-agents.ts';
import { type E2eBot, startE2eBot } from '../../fakes/bot/e2e-bot.ts';

let bot: E2eBot;

beforeAll(async () => {
  bot = await startE2eBot({
    team: {
      projects: {
        shop: projectFile('shop', {
          managers: { lead: 'polite' },
          workers: { pay: 'polite', cart: 'polite' },
        }),
      },
    },
  });
  await bot.end('SIGTERM');
  bot.team.edit('shop', (yaml) =>
    yaml.replace('pay: { runtime: polite', 'pay: { effort: hgih, runtime: polite'),
  );
  await bot.startAgain();
});
afterAll(() => bot?.stop());

test('with a team that does not load the bot starts, and status shows the complaint and who runs all the same', async () => {
  const text = bot.text(await bot.sayAndWait('bo', '/team status'));

  expect(text).toContain("The team's files don't load; up and reload wait until they do.");
  expect(text).toMatch(/projects\/shop\.yaml.*line 6.*hgih/s);
  expect(text).toContain('3 of 3 running');
});

test.each(['/team reload', '/team reload shop', '/team up shop'])(
  '%s refuses, with the complaint',
  async (text) => {
    const pid = bot.team.pid('shop:pay');

    const answer = await bot.sayAndWait('ana', text);

    expect(bot.text(answer)).toContain("The team's files don't load. Nothing was touched.");
    expect(bot.text(answer)).toMatch(/projects\/shop\.yaml.*hgih/s);
    expect(bot.team.pid('shop:pay')).toBe(pid);
  },
);

test('drain works from what was last started', async () => {
  const card = await bot.sayAndWait('ana', '/team drain shop:pay');

  expect(bot.text(card)).toMatch(/shop:pay · Graceful/);
  expect(bot.team.pid('shop:pay')).toBeUndefined();
  expect(bot.team.pid('shop:lead')).toBeDefined();
});

test('down works from what was last started', async () => {
  const question = await bot.sayAndWait('ana', '/team down shop');

  const card = await bot.press('ana', question, 'Kill 2 agents');

  expect(card.text).toContain('2 killed');
  expect(bot.team.pid('shop:lead')).toBeUndefined();
  expect(bot.team.pid('shop:cart')).toBeUndefined();
});
