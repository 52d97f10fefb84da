import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plain } from '../../../../src/language/plain-text.ts';
import { cutMarkup, cutMarkupToBytes, escaped } from '../../../../src/slack/markup/mrkdwn.ts';

/** Half characters too. fast-check's own kind of it takes seconds before the first run. */
const anyString = fc.array(fc.nat(0xffff), { maxLength: 30 }).map((codes) => String.fromCharCode(...codes));

const bidi = '\u202e\u2066\u200f\u061c';

describe('text from outside, where Slack parses mrkdwn', () => {
  test.each([
    ['<!channel>', '&lt;!channel&gt;'],
    ['<@U0ANA00000> look', '&lt;@U0ANA00000&gt; look'],
    ['<https://evil.example|ok>', '&lt;https://evil.example|ok&gt;'],
    ['a & b', 'a &amp; b'],
    ['&lt;!here&gt;', '&amp;lt;!here&amp;gt;'],
    ['\u001b[31mred\u0007', '[31mred'],
    [`shop${bidi}pay`, 'shoppay'],
  ])('%j becomes harmless', (text, harmless) => {
    expect(escaped(text)).toBe(harmless);
  });

  test('formats nothing', () => {
    expect(escaped('*x*')).toBe('\u2060*\u2060x\u2060*\u2060');
  });

  test('is cut between characters, never in an entity', () => {
    expect(escaped('<<<<', 3)).toBe('&lt;&lt;…');
    expect(escaped('👩👩👩', 2)).toBe('👩…');
    expect(escaped('ab🇪🇺c', 4)).toBe('ab…');
  });

  test('whatever it is, it holds no bare bracket and no ampersand that is no entity', () => {
    const nasty = fc.string({
      unit: fc.constantFrom('<', '>', '&', '!', '@', 'U', '|', ';', 'lt', '\u202e', 'é', '👩'),
    });

    fc.assert(
      fc.property(nasty, fc.integer({ min: 1, max: 40 }), (text, most) => {
        expect(escaped(text, most)).not.toMatch(/[<>]|&(?!(?:amp|lt|gt);)/);
      }),
      { numRuns: 500 },
    );
  });
});

describe('text from outside, where Slack shows it as it is', () => {
  test('loses what nobody sees, and keeps lines and tabs', () => {
    expect(plain(`a\u0000\u200b${bidi}b\n\tc`)).toBe('ab\n\tc');
  });

  test('whatever it is, it is no longer than asked and holds no control character', () => {
    fc.assert(
      fc.property(anyString, fc.integer({ min: 1, max: 50 }), (text, most) => {
        const shown = plain(text, most);

        return [...shown].length <= most && !/[^\P{Control}\n\t]|\p{Bidi_Control}/u.test(shown);
      }),
      { numRuns: 500 },
    );
  });
});

describe('our own markup that is too long', () => {
  test.each([
    ['short', 10, 'short'],
    ['abcdefghij', 5, 'abcd…'],
    ['ab &amp; cd', 6, 'ab …'],
    ['ask <@U0ANA00000> now', 10, 'ask …'],
    ['ab👩cd', 4, 'ab…'],
    ['ab👩‍👩‍👧‍👦cd', 9, 'ab…'],
    ['ab👩‍👩‍👧‍👦cdef', 15, 'ab👩‍👩‍👧‍👦c…'],
    ['🇪🇺🇪🇺🇪🇺', 8, '🇪🇺…'],
    [`e${'\u0301'.repeat(90)}`, 80, `e${'\u0301'.repeat(78)}…`],
  ])('%j cut to %i characters', (text, most, cut) => {
    expect(cutMarkup(text, most)).toBe(cut);
  });

  test.each([
    ['日本', 6, '日本'],
    ['日本語', 8, '日…'],
    ['ab &amp; cd', 9, 'ab …'],
    ['ask <@U0ANA00000> now', 14, 'ask …'],
    ['ab😀cd', 7, 'ab…'],
    ['ab👩‍👩‍👧‍👦', 20, 'ab…'],
  ])('%j cut to %i bytes', (text, most, cut) => {
    expect(cutMarkupToBytes(text, most)).toBe(cut);
  });

  test('whatever it is, it is no longer than asked, and whole up to its end', () => {
    const nasty = fc.string({ unit: fc.constantFrom('<', '&', '_', 'é', '日', '😀', '👩‍👩‍👧‍👦', '🇪🇺', 'x') });

    fc.assert(
      fc.property(nasty, fc.integer({ min: 8, max: 90 }), (text, most) => {
        const mrkdwn = escaped(text);
        const cut = cutMarkupToBytes(mrkdwn, most);

        expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(most);
        if (cut === mrkdwn) return;
        const kept = cut.slice(0, -1);
        const whole = [...new Intl.Segmenter().segment(mrkdwn)].map(({ segment }) => segment);
        const starts = whole.map((_, index) => whole.slice(0, index).join(''));
        expect(starts).toContain(kept);
        expect(kept).not.toMatch(/&[a-z]*$/);
      }),
      { numRuns: 500 },
    );
  });
});
