import { describe, expect, it } from 'vitest';
import { parseEnd } from '../../../src/supervisor/ends.ts';

describe('how an agent ended', () => {
  const at = new Date(1_700_000_000_000);

  it.each([
    ['0 1700000000\n', { kind: 'exited', code: 0, at }],
    ['0 1700000000 HUP\n', { kind: 'exited', code: 0, at, askedBy: 'HUP' }],
    ['129 1700000000 HUP\n', { kind: 'signalled', signal: 'HUP', at }],
    ['127 1700000000\n', { kind: 'exited', code: 127, at }],
    ['130 1700000000\n', { kind: 'signalled', signal: 'INT', at }],
    ['137 1700000000\n', { kind: 'signalled', signal: 'KILL', at }],
    ['255 1700000000\n', { kind: 'exited', code: 255, at }],
  ])('is read from %j', (text, expected) => {
    expect(parseEnd(text, at.getTime())).toEqual(expected);
  });

  it.each(['', '7', '7 17000', 'seven 1700000000\n', '0 1700000000 SOON\n'])(
    'is not known from %j',
    (text) => {
      expect(parseEnd(text, at.getTime())).toBeUndefined();
    },
  );

  it.each([
    ['within the second, when it was written', at.getTime() + 400, at.getTime() + 400],
    ['by the second, if the file was touched later', at.getTime() + 60_000, at.getTime()],
    ['by the second, if the file was touched before', at.getTime() - 1, at.getTime()],
  ])('is dated %s', (_how, writtenAtMs, expected) => {
    expect(parseEnd('0 1700000000\n', writtenAtMs)?.at.getTime()).toBe(expected);
  });
});
