import { expect, test } from 'vitest';
import { otherModel, projectFile } from '../../fakes/bot/e2e-agents.ts';
import { startE2eBotForTest } from '../../fakes/bot/e2e-bot.ts';
import { until } from '../../fakes/until.ts';

const operators = ['ana', 'cy', 'bo'];

test('of 50 reloads at once one runs, and 49 people are told who asked for it, since when, and where it is', async () => {
  const bot = await startE2eBotForTest({
    operators,
    team: { drainSeconds: 6, projects: { shop: projectFile('shop', { workers: { mule: 'stubborn' } }) } },
  });
  const { slack, team } = bot;
  const pointers = () =>
    operators.flatMap((name) =>
      slack
        .messages('ops', name)
        .filter(({ onlyVisibleTo, text }) => onlyVisibleTo !== undefined && text.includes('is busy with')),
    );
  const started = () => slack.messages('ops').filter(({ text }) => text.includes('Reloading *shop*'));
  team.edit('shop', otherModel('mule'));

  // Nobody may ask more often than 20 times a minute.
  const asked = Array.from({ length: 49 }, (_, index) =>
    slack.slash(operators[index % operators.length] ?? '', 'ops', '/team reload shop'),
  );
  await Promise.all(asked);
  const card = await until('it runs', () => started().find(({ edits }) => edits > 0));
  await slack.slash('cy', 'ops', '/team reload shop');
  await until('49 are told', () => pointers().length === 49);

  expect(started()).toHaveLength(1);
  const texts = pointers().map(({ text }) => text);
  expect(
    texts.filter((text) => !/^shop is busy with \/team reload shop, asked by <@U\w+> at <!date/.test(text)),
  ).toEqual([]);
  const link = `<${slack.origin}/archives/${card.channel}/p${card.ts.replace('.', '')}|O-`;
  expect(
    texts.some((text) => text.includes(link)),
    texts.join('\n'),
  ).toBe(true);
  await until('it is over', () => /killed \(TimedOutKilled\)/.test(bot.now(card).text));
  await until('it runs again', () => team.lives('shop:mule').length === 2);
  expect(pointers()).toHaveLength(49);
});
