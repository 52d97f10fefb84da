import { expect, test } from 'vitest';
import { startBot } from '../bot-under-test.ts';

const rule = { operators: ['ana', 'bo'], confirm: 'second-person' } as const;

test('another operator has to agree, and both are named', async () => {
  await using bot = await startBot(rule);
  await bot.say('ana', '/team down shop:pay');
  const card = bot.last();
  expect(JSON.stringify(card.blocks)).toContain('For another operator than <@U0ANA000000>, who asks');

  await bot.press('ana', card, 'question_accept');
  expect(bot.last().text).toContain('Somebody else than <@U0ANA000000>, who asked, has to agree');
  expect(bot.team.supervisor.called('down')).toEqual([]);
  await bot.press('bo', card, 'question_accept');

  expect(bot.team.supervisor.called('down')).toEqual(['shop:pay']);
  expect(JSON.stringify(bot.slack.messages('ops'))).toMatch(
    /Asked by <@U0ANA000000>, confirmed by <@U0BO0000000>/,
  );
});

test('who asked may still cancel', async () => {
  await using bot = await startBot(rule);
  await bot.say('ana', '/team down shop:pay');

  await bot.press('ana', bot.last(), 'question_cancel');

  expect(bot.last().text).toBe('Cancelled by <@U0ANA000000>. Nothing was touched: /team down shop:pay');
});

test('another operator, and not anybody', async () => {
  await using bot = await startBot({ ...rule, operators: ['ana'] });
  await bot.say('ana', '/team down shop:pay');

  await bot.press('bo', bot.last(), 'question_accept');

  expect(bot.last().text).toContain('You may look but not change anything.');
  expect(bot.team.supervisor.called('down')).toEqual([]);
});
