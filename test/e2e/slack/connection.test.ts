import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { otherModel, projectFile } from '../../fakes/bot/e2e-agents.ts';
import { type E2eBot, startE2eBot } from '../../fakes/bot/e2e-bot.ts';
import { until } from '../../fakes/until.ts';

let bot: E2eBot;

beforeAll(async () => {
  bot = await startE2eBot({
    team: {
      projects: { shop: projectFile('shop', { managers: { lead: 'polite' }, workers: { pay: 'polite' } }) },
    },
  });
});
afterAll(() => bot?.stop());
afterEach(() => bot.slack.faults.clear());

test('a command that Slack delivers twice acts once', async () => {
  const lives = bot.team.lives('shop:pay').length;
  const messages = bot.slack.messages('ops').length;
  bot.team.edit('shop', otherModel('pay'));
  bot.slack.faults.add({ kind: 'duplicate-envelope', times: 1 });

  const card = await bot.sayAndWait('ana', '/team reload shop');
  await until('the second delivery has come', () => bot.log().includes('delivered again, ignored'));

  expect(card.text).toMatch(/Reloaded \*shop\*: .*1 replaced/);
  expect(bot.team.lives('shop:pay')).toHaveLength(lives + 1);
  expect(bot.slack.messages('ops')).toHaveLength(messages + 1);
});

test('a press that Slack delivers twice acts once', async () => {
  const question = await bot.sayAndWait('ana', '/team down shop:pay');
  const messages = bot.slack.messages('ops').length;
  bot.slack.faults.add({ kind: 'duplicate-envelope', times: 1 });

  const card = await bot.press('ana', question, 'Kill 1 agent');
  await bot.sayAndWait('bo', '/team help');

  expect(card.text).toContain('1 killed');
  expect(bot.slack.messages('ops')).toHaveLength(messages + 1);
});

test('when Slack renews the connection in the midst of commands none is lost', async () => {
  const askers = ['ana', 'bo', 'cy', 'dee'];
  const before = bot.slack.messages('ops').length;

  const outcomes = [];
  for (let round = 0; round < 3; round++) {
    for (const socket of bot.slack.sockets) socket.disconnect('refresh_requested');
    outcomes.push(...askers.map((person) => bot.slack.slash(person, 'ops', '/team help')));
    await Promise.all(outcomes);
  }

  expect(
    (await Promise.all(outcomes)).map((outcome) => (outcome.kind === 'acked' ? 'acked' : outcome.error)),
  ).toEqual(Array(12).fill('acked'));
  await until('all are answered', () => bot.slack.messages('ops').length === before + 12);
});

test('a connection that breaks is opened again', async () => {
  for (const socket of bot.slack.sockets) socket.drop();
  await bot.slack.waitForSockets((open) => open === 0);
  await bot.slack.waitForSockets((open) => open === 1);

  expect(bot.text(await bot.sayAndWait('bo', '/team status'))).toContain('1 of 2 running');
});

test.each(['bot', 'app'])('a revoked %s token ends Muster, and the log says why', async (which) => {
  const ended = once(bot.process, 'exit');
  bot.slack.lockOut('token_revoked');
  if (which === 'bot') await bot.slack.slash('bo', 'ops', '/team status');
  else for (const socket of bot.slack.sockets) socket.drop();

  expect((await ended)[0]).toBe(78);
  expect(bot.log()).toMatch(/ERROR Muster ends reason=".*\(token_revoked\)/);
  bot.slack.lockOut(undefined);
  await bot.startAgain();
});
