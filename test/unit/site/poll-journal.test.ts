import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { keepLooking } from '../../../src/site/poll-journal.ts';
import { keptLog } from '../slack/slack-under-test.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('one look comes after the other is over, also after one that failed, until it is stopped', async () => {
  const looks: PromiseWithResolvers<void>[] = [];
  const stop = keepLooking(() => {
    const look = Promise.withResolvers<void>();
    looks.push(look);
    return look.promise;
  }, keptLog());

  await vi.advanceTimersByTimeAsync(60_000);
  expect(looks).toHaveLength(1);
  looks[0]?.reject(new Error('for once'));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(looks).toHaveLength(2);
  stop();
  looks[1]?.resolve();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(looks).toHaveLength(2);
});

test('what fails all the time is said once, and once more after a look that did not', async () => {
  const log = keptLog();
  const failures = ['no journal', 'no journal', undefined, 'no journal', 'another'];
  const stop = keepLooking(async () => {
    const failure = failures.shift();
    if (failure !== undefined) throw new Error(failure);
  }, log);

  while (failures.length > 0) await vi.advanceTimersByTimeAsync(1000);
  stop();

  expect(log.entries.map(({ data }) => data.error)).toEqual(['no journal', 'no journal', 'another']);
});
