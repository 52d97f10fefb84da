import { expect, onTestFinished, test } from 'vitest';
import type { Message } from '../../../packages/slack-stand-in/src/server/message-store.ts';
import { otherModel, projectFile } from '../../fakes/bot/e2e-agents.ts';
import { type E2eBot, startE2eBotForTest } from '../../fakes/bot/e2e-bot.ts';
import { until } from '../../fakes/until.ts';

const projects = {
  shop: projectFile('shop', { managers: { lead: 'polite' }, workers: { pay: 'polite', mule: 'stubborn' } }),
};
const agents = ['shop:lead', 'shop:pay', 'shop:mule'];

test.each([
  ['SIGTERM', 0],
  ['SIGKILL', 'SIGKILL'],
] as const)('agents outlive a bot that ends by %s, and the next bot knows them', async (signal, end) => {
  const bot = await startE2eBotForTest({ team: { projects } });
  const pids = agents.map((id) => bot.team.pid(id));

  expect(await bot.end(signal)).toBe(end);
  expect(agents.map((id) => bot.team.pid(id))).toEqual(pids);

  await bot.startAgain();
  const status = await bot.sayAndWait('bo', '/team status');
  const reload = await bot.sayAndWait('ana', '/team reload shop');

  expect(bot.text(status)).toContain('3 of 3 running');
  expect(reload.text).toContain('is up to date: 3 agents running, nothing changed.');
  expect(agents.map((id) => bot.team.pid(id))).toEqual(pids);
});

test('SIGTERM in the middle of a drain lets it come to its verdict', async () => {
  const bot = await startE2eBotForTest({ team: { projects } });
  bot.team.edit('shop', otherModel('mule'));

  const card = await bot.say('ana', '/team reload shop');
  expect(await bot.end('SIGTERM')).toBe(0);

  expect(bot.now(card).text).toMatch(/^:warning: \*1 agent had to be killed \(TimedOutKilled\)\.\*/);
  expect(bot.team.lives('shop:mule')).toHaveLength(2);
  expect(bot.team.pid('shop:mule')).toBeDefined();
});

test('whoever waits for an answer when SIGTERM comes gets it', async () => {
  const bot = await startE2eBotForTest({ team: { projects } });
  const tmux = Number(await bot.tmux('display-message', '-p', '#{pid}'));
  process.kill(tmux, 'SIGSTOP');
  onTestFinished(() => {
    process.kill(tmux, 'SIGCONT');
  });
  const before = bot.slack.messages('ops').length;

  expect(await bot.slack.slash('bo', 'ops', '/team status')).toMatchObject({ kind: 'acked' });
  expect(bot.slack.messages('ops')).toHaveLength(before);
  expect(await bot.end('SIGTERM')).toBe(0);

  const [answer] = bot.slack.messages('ops').slice(before);
  expect(answer && bot.text(answer)).toMatch(/unknown/);
});

/** A drain of `shop:mule`, which needs force, with a budget that no shutdown waits for. */
async function drainingLong(): Promise<{
  readonly bot: E2eBot;
  readonly card: Message;
  readonly pid: number;
}> {
  const bot = await startE2eBotForTest({ team: { projects } });
  const pid = bot.team.pid('shop:mule') ?? 0;
  const card = await bot.say('ana', '/team drain shop:mule 20s');
  await bot.edited(card, (text) => /shop:mule · draining, \d+ s left/.test(text));
  return { bot, card, pid };
}

/** Neither asked anew nor killed before its time, and told once, in the same message. */
async function expectGoneOnWith(card: Message, bot: E2eBot, begunAt: number): Promise<void> {
  await bot.edited(card, (text) => text.includes('TimedOutKilled after'));
  expect(Date.now() - begunAt).toBeGreaterThan(20_000);
  expect(bot.text(card)).toContain('shop:mule had to be killed (TimedOutKilled)');
  expect(bot.team.pid('shop:mule')).toBeUndefined();
  await until('it is told', () => bot.slack.thread(card.ts).length === 3);
  expect(bot.slack.messages('alerts').filter(({ text }) => text.includes('shop:mule'))).toHaveLength(1);
}

test('SIGTERM in the middle of a long drain is heeded within 10 s, and the next bot brings the drain to its own deadline', async () => {
  const begunAt = Date.now();
  const { bot, card, pid } = await drainingLong();

  const toldAt = Date.now();
  expect(await bot.end('SIGTERM')).toBe(0);

  expect(Date.now() - toldAt).toBeLessThan(10_000);
  expect(bot.team.pid('shop:mule')).toBe(pid);
  await bot.startAgain();
  await expectGoneOnWith(card, bot, begunAt);
});

test('a second SIGTERM ends the bot at once, and loses nothing', async () => {
  const begunAt = Date.now();
  const { bot, card, pid } = await drainingLong();

  bot.process.kill('SIGTERM');
  await until('it has heard', () => bot.log().includes('stopping signal="SIGTERM"'));
  const toldAt = Date.now();
  expect(await bot.end('SIGTERM')).toBe(1);

  expect(Date.now() - toldAt).toBeLessThan(5000);
  expect(bot.team.pid('shop:mule')).toBe(pid);
  await bot.startAgain();
  await expectGoneOnWith(card, bot, begunAt);
});
