import { expect, test } from 'vitest';
import { createRetelling } from '../../../../src/slack/outbox/retelling.ts';
import { keptLog } from '../slack-under-test.ts';

const minute = 60_000;

function retellingAt() {
  let now = 0;
  const log = keptLog();
  const retelling = createRetelling({ log, now: () => now });
  const tries: number[] = [];
  return {
    log,
    retelling,
    tries,
    /** A try each second of that time. */
    async goOn(ms: number, tell: () => Promise<boolean>) {
      for (const end = now + ms; now < end; now += 1000) {
        await retelling.tell('O-1', () => {
          tries.push(now / minute);
          return tell();
        });
      }
    },
  };
}

test('what cannot be told is told again after a minute, after twice as long each time up to 15 min, and never given up', async () => {
  const { goOn, tries, retelling } = retellingAt();

  await goOn(80 * minute, async () => false);

  expect(tries).toEqual([0, 1, 3, 7, 15, 30, 45, 60, 75]);
  expect(retelling.owes('O-1')).toBe(true);
});

test('what was told in the end is owed no more', async () => {
  const { goOn, tries, retelling } = retellingAt();

  await goOn(minute, async () => false);
  await goOn(1000, async () => true);

  expect(tries).toEqual([0, 1]);
  expect(retelling.owes('O-1')).toBe(false);
});

test('one try is under way at a time, and one that throws is in the log and tried again', async () => {
  const { retelling, log, goOn, tries } = retellingAt();
  const first = Promise.withResolvers<boolean>();
  const telling = retelling.tell('O-1', () => first.promise);

  await goOn(minute, async () => true);
  expect(tries).toEqual([]);
  first.reject(new Error('a bug'));
  await telling;

  expect(retelling.owes('O-1')).toBe(true);
  expect(log.entries.map(({ what, data }) => `${what}: ${data.error ?? data.nextTryInMs}`)).toEqual([
    'error what people must know could not be told: Error: a bug',
    'warn what people must know is not told yet: 60000',
  ]);
});
