import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { duration, parseDuration } from '../../../../src/language/duration.ts';
import { UsageError } from '../../../../src/language/refusals.ts';
import { parseSelection } from '../../../../src/language/selection.ts';
import { wordsOf } from '../../../../src/slack/commands/slash-text.ts';

/** Half characters too. fast-check's own kind of it takes seconds before the first run. */
const anyString = fc.array(fc.nat(0xffff), { maxLength: 30 }).map((codes) => String.fromCharCode(...codes));

const asSlackSendsIt = fc.string({
  unit: fc.constantFrom('<', '>', '&', '|', '@', 'a', ' ', '—', '“', '&lt;'),
});

describe('the words of a command are what the person meant', () => {
  test.each([
    ['reload shop', ['reload', 'shop']],
    ['', []],
    ['   ', []],
    ['  reload \t shop\n', ['reload', 'shop']],
    ['reload\u00a0shop', ['reload', 'shop']],
    ['reload\u3000shop', ['reload', 'shop']],
    ['reload “shop”', ['reload', 'shop']],
    ["reload 'shop'", ['reload', 'shop']],
    ['reload `shop`', ['reload', 'shop']],
    ['reload shop —dry-run', ['reload', 'shop', '--dry-run']],
    ['reload shop –force', ['reload', 'shop', '--force']],
    ['reload shop −force', ['reload', 'shop', '--force']],
    ['drain shop\u2011w', ['drain', 'shop-w']],
    ['status <http://shop.example|shop.example>', ['status', 'shop.example']],
    ['status <http://shop.example>', ['status', 'http://shop.example']],
    ['status <@U0ANA00000|ana>', ['status', 'ana']],
    ['status a&amp;b', ['status', 'a&b']],
    ['status &amp;lt;', ['status', '&lt;']],
    ['re\u200bload shop\ufeff', ['reload', 'shop']],
    ['status cafe\u0301', ['status', 'café']],
  ])('%j', (text, words) => {
    expect(wordsOf(text)).toEqual(words);
  });

  test('whatever is typed, no word is empty or has a space in it', () => {
    fc.assert(
      fc.property(fc.oneof(anyString, asSlackSendsIt), (text) =>
        wordsOf(text).every((word) => word !== '' && !/[\s\p{Z}]/u.test(word)),
      ),
      { numRuns: 1000 },
    );
  });
});

describe('a selection', () => {
  test.each([
    [undefined, { kind: 'team' }],
    ['shop', { kind: 'project', project: 'shop' }],
    ['shop:pay', { kind: 'agent', id: 'shop:pay' }],
    ['shop.v2', { kind: 'project', project: 'shop.v2' }],
    ['_1-a', { kind: 'project', project: '_1-a' }],
  ])('%s', (word, selection) => {
    expect(parseSelection(word)).toEqual(selection);
  });

  test.each([
    '',
    ':',
    'shop:',
    ':pay',
    'a:b:c',
    '-shop',
    'shop*',
    '*',
    'sh op',
    '../x',
    'shop;ls',
    '<!channel>',
    'ж',
    'a'.repeat(101),
  ])('is not %j', (word) => {
    expect(() => parseSelection(word)).toThrow(UsageError);
  });
});

describe('durations', () => {
  test.each([
    ['45s', 45_000],
    ['45', 45_000],
    ['0s', 0],
    ['2m', 120_000],
    ['2min', 120_000],
    ['2M', 120_000],
    ['1.5s', undefined],
    ['-1s', undefined],
    ['1h', 3_600_000],
    ['2d', 172_800_000],
    ['s', undefined],
    ['٣s', undefined],
    ['123456s', undefined],
  ])('%s is read as %s ms', (word, ms) => {
    expect(parseDuration(word)).toBe(ms);
  });

  test.each([
    [0, '0 s'],
    [2345, '2.3 s'],
    [9_999, '10 s'],
    [38_400, '38 s'],
    [59_999, '60 s'],
    [60_000, '1 min'],
    [3_600_000, '1 h'],
    [86_400_000 * 3, '3 d'],
  ])('%i ms is said as %s', (ms, words) => {
    expect(duration(ms)).toBe(words);
  });
});
