import { parse } from 'dotenv';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changedEnvText } from '../../../../src/cli/setup/env-text.ts';

const changed = (before: string | undefined, values: Record<string, string>) =>
  changedEnvText(before, new Map(Object.entries(values)));

describe('the text of .env', () => {
  test('a new one says what it is and holds the values', () => {
    expect(changed(undefined, { LOG_LEVEL: 'debug' })).toMatch(/^# .+\nLOG_LEVEL=debug\n$/);
  });

  test('a value is written in the place it had, and everything else stays as it is', () => {
    const before = "# mine\nexport LOG_LEVEL = info # loud enough\n\nAPI_KEY='a b'\nLOG_LEVEL=warn";

    expect(changed(before, { LOG_LEVEL: 'debug', TEAM_ROOT: '/srv/a b/.team' })).toBe(
      "# mine\nLOG_LEVEL=debug\n\nAPI_KEY='a b'\nTEAM_ROOT='/srv/a b/.team'\n",
    );
  });

  test('a name that only begins alike, and a comment, are left alone', () => {
    const before = '#LOG_LEVEL=info\nLOG_LEVELS=all\n';

    expect(changed(before, { LOG_LEVEL: 'debug' })).toBe(`${before}LOG_LEVEL=debug\n`);
  });

  test('a value that .env cannot hold is refused', () => {
    expect(() => changed('', { TEAM_ROOT: "/srv/ana's\nteam" })).toThrow(
      /TEAM_ROOT holds a line break .*nothing was written/,
    );
  });

  test('a file in which the change would be read as something else is left alone', () => {
    const before = 'KEY="one\nLOG_LEVEL=inside\ntwo"\n';

    expect(() => changed(before, { LOG_LEVEL: 'debug' })).toThrow(
      /would not be read back .*nothing was written/,
    );
  });

  test('whatever is written is read back, beside whatever was there', () => {
    const value = fc
      .string({ maxLength: 20 })
      .filter((text) => text === text.trim() && !/[\n\r']/.test(text));
    fc.assert(
      fc.property(value, value, (kept, written) => {
        const before = changed('', { KEPT: kept, OTHER: 'x' });

        expect(parse(changed(before, { OTHER: written }))).toEqual({ KEPT: kept, OTHER: written });
      }),
    );
  });
});
