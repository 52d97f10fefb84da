import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for a condition, never for a time; throws with the last error, or the last value, when it does not come true. */
export async function until<T>(
  what: string,
  condition: () => Promise<T> | T,
  limitMs = 15_000,
): Promise<NonNullable<T>> {
  const deadline = Date.now() + limitMs;
  let last: unknown;
  while (Date.now() < deadline) {
    try {
      const value = await condition();
      if (value) return value;
      last = value;
    } catch (error) {
      last = error;
    }
    await sleep(20);
  }
  throw new Error(`waited ${limitMs} ms in vain until ${what}`, { cause: last });
}
