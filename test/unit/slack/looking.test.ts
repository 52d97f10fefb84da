import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { keepLooking } from '../../../src/slack/looking.ts';
import { keptLog } from './slack-under-test.ts';

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
