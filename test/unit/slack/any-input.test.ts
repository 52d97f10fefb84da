import fc from 'fast-check';
import { expect, test } from 'vitest';
import { commands } from '../../../src/slack/commands/all-commands.ts';
import { startBot } from './bot-under-test.ts';

/** Half characters too. fast-check's own kind of it takes seconds before the first run. */
const anyString = fc.array(fc.nat(0xffff), { maxLength: 30 }).map((codes) => String.fromCharCode(...codes));

/** Each may ask 20 times a minute. */
const names = ['ana', ...Array.from({ length: 9 }, (_, index) => `p${index}`)];
const rounds = 100;

const word = fc.oneof(
  fc.constantFrom(...commands.map(({ name }) => name)),
  fc.constantFrom(
    'shop',
    'shop:pay',
    '--force',
    '—dry-run',
    '45s',
    '0s',
    '30m',
    '“shop”',
    '<http://shop|shop>',
  ),
  fc.constantFrom('<mailto:a@b.c|a@b.c>', '<@U0ANA000000|ana>', '<#C0OPS000000|>', '<>', '<|>', '<!channel>'),
  fc.constantFrom(
    'constructor',
    '__proto__',
    '&amp;lt;',
    '*_~`',
    '\ud800',
    '\u0000',
    'ё',
    '٣',
    'x'.repeat(5000),
  ),
  anyString,
);
const space = fc.constantFrom(' ', '\u00a0', '\u3000', '\t', '\n', '\u200b ', '\ufeff ', '  ');
const text = fc
  .array(fc.tuple(word, space), { maxLength: 5 })
  .map((words) => `/team ${words.flat().join('')}`);

test('whatever is typed gets an answer, and is no bug of ours', async () => {
  await using bot = await startBot({
    operators: names,
    slack: { people: [...names, 'bo'].map((name) => ({ name })) },
  });
  let asked = 0;

  await fc.assert(
    fc.asyncProperty(text, async (typed) => {
      const before = bot.slack.log.length;
      await bot.say(names[asked++ % names.length] ?? 'ana', typed);

      const answers = bot.slack.log.slice(before).map(({ args }) => JSON.stringify(args));
      expect(answers.length).toBeGreaterThan(0);
      expect(answers.join('\n')).not.toMatch(/Something went wrong|(?<!&lt;)<!channel>/);
      expect(bot.log.entries.filter(({ what }) => what.startsWith('error'))).toEqual([]);
    }),
    { numRuns: rounds, endOnFailure: true },
  );
}, 60_000);

test.each(['', 'dance', 'hlep', '“', '<http://x|y>', '\u0000'])('%j leads to help', async (typed) => {
  await using bot = await startBot();

  await bot.say('ana', `/team ${typed}`);

  expect(bot.last().text).toContain('/team help');
});
