import { expect, test, vi } from 'vitest';
import { buttonsOf } from '../../../../packages/slack-stand-in/src/render/buttons.ts';
import { drainKill } from '../../../../src/slack/buttons/drain.ts';
import type { Desk } from '../../../../src/slack/commands/command.ts';
import { until } from '../../../fakes/until.ts';
import { type BotUnderTest, startBot } from '../bot-under-test.ts';

/** A drain of `shop:pay`, which does not stop by itself, with its buttons shown. */
async function draining(bot: BotUnderTest) {
  await bot.slack.slash('ana', 'ops', '/team drain shop:pay 45s');
  await until('the buttons are shown', () => buttonsOf(bot.last()).length === 2);
  return bot.last();
}

const stubborn = { agents: { 'shop:pay': { drain: 'stubborn' } } } as const;
const labels = (bot: BotUnderTest) => buttonsOf(bot.last()).map(({ label, style }) => [label, style]);
const whispers = (bot: BotUnderTest) =>
  bot.slack.messages('ops').filter(({ onlyVisibleTo }) => onlyVisibleTo !== undefined);

test('while an agent drains its card offers more time, and none', async () => {
  await using bot = await startBot(stubborn);
  const card = await draining(bot);

  expect(labels(bot)).toEqual([
    ['+60 s', undefined],
    ['Kill now', 'danger'],
  ]);
  expect(buttonsOf(card)[1]?.confirm).toMatchObject({
    title: 'Kill 1 agent now?',
    confirm: 'Kill 1 agent',
  });

  await bot.slack.press('ana', card, 'drain_kill', { confirm: 'accept' });
  await bot.idle();

  expect(bot.last().text).toContain(
    '*shop:pay* had to be killed (`TimedOutKilled`): somebody ended the wait before its 45 s budget was over.',
  );
  expect(buttonsOf(bot.last())).toEqual([]);
  expect(bot.slack.thread(card.ts).map(({ text }) => text)).toContainEqual(
    expect.stringMatching(/^<@U0ANA000000> ended the wait for \*shop:pay\*: killed now \(O-\w+\)\.$/),
  );
});

test('more time is given to what drains, and the card shows it', async () => {
  await using bot = await startBot(stubborn);
  const card = await draining(bot);

  await bot.slack.press('ana', card, 'drain_extend');
  await until('the card shows the new time', () =>
    JSON.stringify(bot.last().blocks).includes('draining, 1 min left'),
  );
  await bot.slack.press('ana', card, 'drain_kill', { confirm: 'accept' });
  await bot.idle();

  expect(bot.last().text).toContain('somebody ended the wait before its 1 min budget was over');
  expect(bot.slack.thread(card.ts).map(({ text }) => text)).toContainEqual(
    expect.stringMatching(/^<@U0ANA000000> gave \*shop:pay\* 60 s more to stop \(O-\w+\)\.$/),
  );
});

test.each(['drain_extend', 'drain_kill'])('%s is for operators', async (button) => {
  await using bot = await startBot(stubborn);
  const card = await draining(bot);

  await bot.slack.press('bo', card, button, { confirm: 'accept' });
  await until('bo was answered', () => whispers(bot).length === 1);

  expect(whispers(bot)[0]?.text).toContain('Ask one of <@U0ANA000000>');
  expect(bot.team.supervisor.incarnation('shop:pay')).toBeDefined();
  await bot.slack.press('ana', card, 'drain_kill', { confirm: 'accept' });
  await bot.idle();
});

test('Kill now kills only what the card showed as draining: what began later is not covered', async () => {
  const killNow = vi.fn(async () => []);
  const whisper = vi.fn();
  const shownAt = Date.parse('2026-03-01T14:02:07Z');
  const pressed = {
    asker: { person: 'U0ANA000000', team: 'T0', channel: 'C0OPS000000', delivery: 'action 1' },
    value: JSON.stringify({ operation: 'O-7k2m9x', shownAt }),
    message: { channel: 'C0OPS000000', ts: '1.2', edit: () => undefined, settled: async () => undefined },
    reply: { whisper },
  };
  const desk = { site: { killNow } };

  await drainKill.run(pressed, desk as unknown as Desk);

  expect(killNow.mock.calls).toEqual([['O-7k2m9x', new Date(shownAt)]]);
  expect(whisper.mock.calls).toEqual([
    [expect.objectContaining({ text: 'Nothing of this drains any more: your click did nothing.' })],
  ]);
});

test.each(['drain_extend', 'drain_kill'])(
  '%s under an operation that is over does nothing',
  async (button) => {
    await using bot = await startBot(stubborn);
    const { ts, blocks } = structuredClone(await draining(bot));
    await bot.slack.press('ana', { ts }, 'drain_kill', { confirm: 'accept' });
    await bot.idle();
    const over = bot.last();
    Object.assign(over, { blocks });

    await bot.slack.press('ana', over, button, { confirm: 'accept' });
    await bot.idle();

    expect(whispers(bot)[0]?.text).toBe('Nothing of this drains any more: your click did nothing.');
  },
);
