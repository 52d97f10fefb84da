import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { projectFile } from '../../fakes/bot/e2e-agents.ts';
import { type E2eBot, startE2eBot } from '../../fakes/bot/e2e-bot.ts';
import { lay } from '../../fakes/team/plants.ts';
import { until } from '../../fakes/until.ts';

let bot: E2eBot;

beforeAll(async () => {
  const workers = { pay: 'polite', cart: 'polite' } as const;
  bot = await startE2eBot({ team: { projects: { shop: projectFile('shop', { workers }) } } });
});
afterAll(() => bot?.stop());

/** What an agent can lay where the bot reads of shop:pay. */
const ofPay = [
  'state/muster/ends/shop-pay',
  'state/muster/lives/shop-pay',
  'state/envs/shop-pay.env',
  'roles/pay.md',
];
/** And where it reads of all. */
const ofAll = ['state/muster/started.json', 'state/envs/zzz.env', 'state/mcp/aaa.json'];

const plants = ['a directory', 'a named pipe', 'a file of 1.5 GB', 'an empty file from the future'] as const;

test.each(plants)(
  'with %s wherever an agent can lay it, the bot answers, goes on and starts again',
  async (plant) => {
    for (const path of [...ofPay, ...ofAll]) lay(plant, join(bot.team.root, path));

    const before = bot.text(await bot.sayAndWait('bo', '/team status'));
    await bot.killOnHost('shop:cart');
    await until('its end is known', async () =>
      /1 of 2 running/.test(bot.text(await bot.sayAndWait('bo', '/team status'))),
    );
    await bot.sayAndWait('ana', '/team up shop:cart');
    await bot.end('SIGTERM');
    await bot.startAgain();
    const after = bot.text(await bot.sayAndWait('bo', '/team status'));

    expect(before).toContain('2 of 2 running');
    expect(after).toContain('2 of 2 running');
    expect(bot.log()).not.toContain('a bug ends Muster');
  },
);

test('what cannot be read of an agent stands in its row, and is mended by its next start', async () => {
  lay('a directory', join(bot.team.root, 'state/muster/ends/shop-pay'));
  const status = bot.text(await bot.sayAndWait('bo', '/team status'));

  await bot.sayAndWait('ana', '/team restart shop:pay');

  expect(status).toMatch(/its last end cannot be read:/);
  expect(bot.text(await bot.sayAndWait('bo', '/team status'))).not.toContain('cannot be read');
});
