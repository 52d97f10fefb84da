import { expect, test } from 'vitest';
import { projectFile } from '../../fakes/bot/e2e-agents.ts';
import { type E2eBot, startE2eBotForTest } from '../../fakes/bot/e2e-bot.ts';
import { until } from '../../fakes/until.ts';

const minute = 60_000;

async function quietBot(settings: NodeJS.ProcessEnv = {}): Promise<E2eBot> {
  return await startE2eBotForTest({
    team: { projects: { shop: projectFile('shop', { workers: { pay: 'polite' } }) } },
    settings,
  });
}

const isArmed = (bot: E2eBot) => bot.slack.log.some(({ method }) => method === 'chat.scheduleMessage');
const lookedUp = (bot: E2eBot) =>
  bot.slack.log.filter(({ method }) => method === 'chat.scheduledMessages.list').length;
const said = (bot: E2eBot) => bot.slack.messages('alerts').map((message) => bot.text(message));

test('a bot that is killed is missed: Slack itself tells the alert channel within ten minutes', async () => {
  const bot = await quietBot();
  await until('the message is scheduled', () => isArmed(bot));

  await bot.end('SIGKILL');
  expect(said(bot)).toEqual([]);
  bot.slack.passTime(10 * minute);

  expect(said(bot)).toEqual([expect.stringMatching(/Muster on \S+ has been silent since/)]);
});

test('a bot that is stopped as it should be is not missed', async () => {
  const bot = await quietBot();
  await until('the message is scheduled', () => isArmed(bot));

  expect(await bot.end('SIGTERM')).toBe(0);
  bot.slack.passTime(60 * minute);

  expect(said(bot)).toEqual([]);
});

test('a bot that is killed and back in time is not missed', async () => {
  const bot = await quietBot();
  await until('the message is scheduled', () => isArmed(bot));
  await bot.end('SIGKILL');
  const looks = lookedUp(bot);
  await bot.startAgain();
  await until('it has taken over what was scheduled', () => lookedUp(bot) > looks);
  bot.slack.passTime(5 * minute);
  expect(said(bot)).toEqual([]);

  await bot.end('SIGTERM');
  bot.slack.passTime(60 * minute);

  expect(said(bot)).toEqual([]);
});

test('with SLACK_SILENCE_ALERT=off nothing is scheduled', async () => {
  const bot = await quietBot({ SLACK_SILENCE_ALERT: 'off' });
  await bot.sayAndWait('ana', '/team status');

  await bot.end('SIGTERM');

  expect(isArmed(bot)).toBe(false);
});
