import { describe, expect, test } from 'vitest';
import { checkMessage } from '../../../../packages/slack-stand-in/src/limits/check-message.ts';
import { logsCard } from '../../../../src/slack/cards/logs.ts';
import { startBot } from '../bot-under-test.ts';

const asOf = new Date('2026-03-01T14:02:07Z');
const card = (lines: readonly string[]) => logsCard({ id: 'shop:pay', lines, hostName: 'build-1', asOf });

/** What stands in the box, and the small print under it. */
function read(lines: readonly string[]) {
  const { text, blocks } = card(lines);
  const [, box, print] = JSON.parse(JSON.stringify(blocks));
  return {
    text,
    box: box.elements[0].elements?.[0].text as string,
    print: print?.elements[0].text as string,
  };
}

describe('logs', () => {
  test('are shown to the operator alone, 20 lines unless told', async () => {
    const lastLines = Array.from({ length: 60 }, (_, index) => `line ${index + 1}`);
    await using bot = await startBot({ agents: { 'shop:pay': { lastLines } } });

    await bot.say('ana', '/team logs shop:pay');

    expect(bot.last().onlyVisibleTo).toBe('U0ANA000000');
    expect(bot.last().text).toBe('*shop:pay* on build-1, its last 20 lines:');
    expect(JSON.stringify(bot.last().blocks)).toContain('line 41\\nline 42');
    expect(JSON.stringify(bot.last().blocks)).not.toContain('line 40');
  });

  test('show as many lines as asked for', async () => {
    await using bot = await startBot({ agents: { 'shop:pay': { lastLines: ['one', 'two', 'three'] } } });

    await bot.say('ana', '/team logs shop:pay 2');

    expect(JSON.stringify(bot.last().blocks)).toContain('"two\\nthree"');
  });

  test.each([
    ['/team logs', 'Name one agent. Usage: `/team logs project:agent [lines]`'],
    ['/team logs shop', 'Name one agent.'],
    ['/team logs shop:pay 3 4', '4 is one word too many.'],
    ['/team logs shop:pay 0', 'The number of lines is from 1 to 50.'],
    ['/team logs shop:pay 51', 'The number of lines is from 1 to 50.'],
    ['/team logs shop:pay all', 'The number of lines is from 1 to 50.'],
    ['/team logs shop:pya', 'Did you mean shop:pay?'],
  ])('%s is answered with %j', async (text, words) => {
    await using bot = await startBot();

    await bot.say('ana', text);

    expect(bot.last().text).toContain(words);
  });

  test('are for operators, where everybody may look at the status', async () => {
    await using bot = await startBot({ agents: { 'shop:pay': { lastLines: ['a customer’s name'] } } });

    await bot.say('bo', '/team logs shop:pay');

    expect(bot.last().text).toContain('Ask one of <@U0ANA000000>');
    expect(JSON.stringify(bot.last())).not.toContain('a customer');
  });

  test('an operator reads them in a direct message too', async () => {
    await using bot = await startBot({ agents: { 'shop:pay': { lastLines: ['hello'] } } });
    const { id } = bot.slack.workspace.directMessageWith(bot.slack.workspace.person('ana'));

    await bot.say('ana', '/team logs shop:pay', id);

    expect(JSON.stringify(bot.last(id).blocks)).toContain('hello');
  });

  test('ping nobody and hold no token', async () => {
    const token = `xoxb-${'1'.repeat(12)}`;
    await using bot = await startBot({ agents: { 'shop:pay': { lastLines: [`<!channel> ${token}`] } } });

    await bot.say('ana', '/team logs shop:pay');

    expect(bot.last().text).not.toContain('<!channel>');
    expect(JSON.stringify(bot.last().blocks)).toContain('"<!channel> [redacted]"');
  });
});

describe('the card of the logs', () => {
  test('keeps the newest of what is too much, and says what it left out', () => {
    const { text, box, print } = read(Array.from({ length: 50 }, (_, index) => `${index} `.padEnd(280, 'x')));

    expect(box.split('\n').at(-1)).toMatch(/^49 x/);
    expect(box.length).toBeLessThanOrEqual(3000);
    expect(text).toContain('its last 10 lines');
    expect(print).toContain('only you see this · 40 older lines left out');
  });

  test('cuts long lines, and says how many', () => {
    const { box, print } = read(['short', 'x'.repeat(10_000)]);

    expect(box).toBe(`short\n${'x'.repeat(299)}…`);
    expect(print).toContain('1 long line cut to 300 characters');
  });

  test('keeps the indent of a line and drops the blanks at its end', () => {
    expect(read(['if (x)', '  return 1   ']).box).toBe('if (x)\n  return 1');
  });

  test('says that there is nothing to read', () => {
    expect(card([]).text).toContain('there is nothing to read');
  });

  test.each([
    ['nothing', []],
    ['blank lines', ['', ' ', '']],
    ['control characters', ['\u0000\u001b[31mred\u001b[0m', '\u202e']],
    ['half a character', ['\ud800']],
    ['50 lines of 10,000 characters', Array.from({ length: 50 }, () => '💀'.repeat(10_000))],
  ])('is one that Slack takes: %s', (_name, lines) => {
    const { text, blocks } = card(lines);

    expect(
      checkMessage({
        text,
        blocks: JSON.parse(JSON.stringify(blocks)),
        attachments: [],
        metadata: undefined,
      }),
    ).toBeUndefined();
  });
});
