import { expect, test } from 'vitest';
import { changeOf, describeChange, valuesOf } from '../../../../src/cli/setup/env-file.ts';

test('a value that is there and right is kept, and what was offered instead is said', () => {
  const change = changeOf('SLACK_CHANNELS', 'C0OLD000', 'C0NEW000', false);

  expect(describeChange(change)).toBe('  = SLACK_CHANNELS  C0OLD000 is kept; --replace writes C0NEW000');
  expect(valuesOf([change])).toEqual(new Map());
});

test('it gives way to who says so, and a wrong one to anything right', () => {
  const said = changeOf('SLACK_CHANNELS', 'C0OLD000', 'C0NEW000', true);
  const wrong = changeOf('SLACK_BOT_TOKEN', 'xoxb-...', 'xoxb-1-canary', false);

  expect(describeChange(said)).toBe('  ~ SLACK_CHANNELS  C0NEW000, in place of C0OLD000');
  expect(describeChange(wrong)).toBe('  ~ SLACK_BOT_TOKEN  not shown, in place of not shown');
  expect(valuesOf([said, wrong])).toEqual(
    new Map([
      ['SLACK_CHANNELS', 'C0NEW000'],
      ['SLACK_BOT_TOKEN', 'xoxb-1-canary'],
    ]),
  );
});

test('a value that is wrong for its name may be a token in the wrong place, and is not shown', () => {
  expect(describeChange(changeOf('SLACK_CHANNELS', 'xoxb-canary-123', 'C0NEW000', false))).not.toContain(
    'canary',
  );
});

test('the same again is nothing to write', () => {
  const change = changeOf('LOG_LEVEL', ' info ', 'info', true);

  expect(describeChange(change)).toBe('  = LOG_LEVEL  info');
  expect(valuesOf([change])).toEqual(new Map());
});
