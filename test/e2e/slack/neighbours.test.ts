import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type E2eBot, startE2eBot } from '../../fakes/bot/e2e-bot.ts';

let bot: E2eBot;
let before: readonly unknown[];
const neighbours = ['shop:dev2', 'shop:dev-2', 'shop:lead', 'shopdev:dev'];

const shop = `version: 2
project: { id: shop, name: The Shop, cwd: .. }
channels:
  - { name: all, members: "*" }
  - { name: leads, members: [lead] }
managers:
  lead:
    runtime: polite
    model: m1
    role_prompt: roles/lead.md
    permission_mode: auto
    can_dm: [dev, dev2]
    can_broadcast: [all]
    effort: high
    interfaces: { telegram: { bot_token_env: SHOP_BOT, chat_ids_env: SHOP_CHATS } }
workers:
  dev: { runtime: polite, model: m1, reports_to: lead, can_dm: [lead], on_rate_limit: [wait] }
  dev2: { runtime: polite, model: m1, reports_to: lead, autonomy: low_risk_only }
  dev-2: { runtime: polite, model: m1, reports_to: lead }
`;
const shopdev = `version: 2
project: { id: shopdev, name: Another, cwd: .. }
workers:
  dev: { runtime: polite, model: m1 }
`;
const compose = `broker: { type: sqlite, path: state/mailbox.db }
budget: { daily_usd_limit: 50, warn_threshold_pct: 80, message_ttl_hours: 24, per_project_usd_limit: { shop: 20 } }
hitl:
  globally_sensitive_actions: [publish, deploy]
  auto_approve_windows: [{ action: publish, project: shop, until: "2026-12-31T00:00:00Z" }]
rate_limits:
  default_on_hit: [wait]
  hooks: [{ name: wait, action: wait }]
  fallback_wait_seconds: 900
interfaces: [{ type: telegram, name: main, config: {} }]
`;

beforeAll(async () => {
  bot = await startE2eBot({ team: { projects: { shop, shopdev }, compose } });
});
afterAll(() => bot?.stop());

beforeEach(async () => {
  if (bot.team.pid('shop:dev') !== undefined) await bot.killOnHost('shop:dev');
  before = neighboursNow();
});

test('with dev dead, a status shows dev stopped and dev2 running', async () => {
  const text = bot.text(await bot.sayAndWait('bo', '/team status shop'));

  expect(text).toMatch(/shop:dev +│ stopped/);
  expect(text).toMatch(/shop:dev2 +│ running/);
  expect(text).toMatch(/shop:dev-2 +│ running/);
  expect(neighboursNow()).toEqual(before);
});

test('with dev dead, draining dev finds nothing to do', async () => {
  const card = await bot.sayAndWait('ana', '/team drain shop:dev');

  expect(card.text).toBe('*shop:dev* is stopped already: nothing to do.');
  expect(neighboursNow()).toEqual(before);
});

test('with dev dead, a hard down of dev finds nothing to kill and asks nothing', async () => {
  const card = await bot.sayAndWait('ana', '/team down shop:dev');

  expect(card.text).toBe('*shop:dev* is stopped already: nothing to do.');
  expect(neighboursNow()).toEqual(before);
});

test.each(['/team up shop:dev', '/team reload shop'])(
  'with dev dead, %s starts dev and nobody else',
  async (text) => {
    const lives = bot.team.lives('shop:dev').length;

    await bot.sayAndWait('ana', text);

    expect(bot.team.lives('shop:dev')).toHaveLength(lives + 1);
    expect(bot.team.pid('shop:dev')).toBeDefined();
    expect(neighboursNow()).toEqual(before);
  },
);

test.each([
  ['drain', async () => void (await bot.sayAndWait('ana', '/team drain shop:dev'))],
  [
    'down',
    async () =>
      void (await bot.press('ana', await bot.sayAndWait('ana', '/team down shop:dev'), 'Kill 1 agent')),
  ],
])('with dev alive, %s stops dev and nobody else', async (_, stop) => {
  await bot.sayAndWait('dee', '/team up shop:dev');

  await stop();

  expect(bot.team.pid('shop:dev')).toBeUndefined();
  expect(neighboursNow()).toEqual(before);
});

function neighboursNow(): readonly unknown[] {
  return neighbours.map((id) => [id, bot.team.pid(id), bot.team.lives(id).length]);
}
