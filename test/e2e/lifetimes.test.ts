import { expect, test } from 'vitest';
import { otherModel, projectFile } from '../fakes/e2e-agents.ts';
import { startE2eBotForTest } from '../fakes/e2e-bot.ts';

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
