import { describe, expect, test } from 'vitest';
import type { Examined } from '../../../../src/cli/doctor/facts.ts';
import { broken, brokenAsSaid, ok, skipped, warn } from '../../../../src/cli/doctor/finding.ts';
import { renderReport } from '../../../../src/cli/doctor/report.ts';
import { isBroken, runChecks } from '../../../../src/cli/doctor/run-checks.ts';

const nobody = {} as Examined;

describe('the report', () => {
  const results = [
    { check: 'settings', findings: [ok('all of them are right')] },
    {
      check: 'channels',
      findings: [broken('the bot is not a member of C1', 'In that channel: /invite @Muster'), ok('C2')],
    },
    { check: 'people', findings: [skipped('the bot token first'), warn('a guest', 'Take the id out.')] },
  ];

  test('puts each mend below its finding and counts what is wrong', () => {
    expect(renderReport(results, { width: 80, colour: false })).toBe(`  ✓ settings  all of them are right
  ✗ channels  the bot is not a member of C1
              → In that channel: /invite @Muster
  ✓           C2
  · people    not looked at: the bot token first
  !           a guest
              → Take the id out.

1 thing is broken, 1 to look at. → says how to mend it.
`);
  });

  test('says so where nothing is wrong', () => {
    expect(renderReport(results.slice(0, 1), { width: 80, colour: false })).toMatch(
      /\n\nNothing is wrong\.\n$/,
    );
  });

  test('breaks lines between words and keeps what is to be copied whole', () => {
    const path = `/srv/${'a'.repeat(60)}`;
    const report = renderReport(
      [{ check: '.env', findings: [broken('one two three', `chmod 600 ${path}`)] }],
      {
        width: 22,
        colour: false,
      },
    );

    expect(report).toContain('  ✗ .env  one two\n          three\n');
    expect(report).toContain(`          → chmod 600\n            ${path}\n`);
  });

  test('colours marks in a terminal, and lets no text from outside move the cursor', () => {
    const report = renderReport([{ check: 'x', findings: [ok('a\u001b[2Jb\nc\u202ed')] }], {
      width: 80,
      colour: true,
    });

    expect(report).toContain('\u001b[32m✓\u001b[0m');
    expect(report).toContain('a [2Jb c d\n');
  });
});

test('a check that fails itself is a finding beside those of the others', async () => {
  const results = await runChecks(
    [
      { name: 'fails', run: () => Promise.reject(new Error('no such thing')) },
      {
        name: 'throws',
        run: () => {
          throw new Error('at once');
        },
      },
      { name: 'fine', run: () => [ok('well')] },
    ],
    nobody,
  );

  expect(results).toEqual([
    {
      check: 'fails',
      findings: [
        expect.objectContaining({ severity: 'broken', found: 'this could not be looked at: no such thing' }),
      ],
    },
    {
      check: 'throws',
      findings: [expect.objectContaining({ found: 'this could not be looked at: at once' })],
    },
    { check: 'fine', findings: [ok('well')] },
  ]);
  expect(isBroken(results)).toBe(true);
  expect(isBroken(results.slice(2))).toBe(false);
  expect(isBroken([{ check: 'x', findings: [warn('a', 'b'), skipped('c')] }])).toBe(false);
});

test('a message that says its own mend is taken apart', () => {
  expect(brokenAsSaid('There is no v1.2 of it in /srv. Make one. Or two.')).toEqual(
    broken('There is no v1.2 of it in /srv', 'Make one. Or two.'),
  );
  expect(brokenAsSaid('no more words')).toMatchObject({
    found: 'no more words',
    mend: expect.stringMatching(/./),
  });
});
