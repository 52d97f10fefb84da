import { failureOf } from './failures.ts';

const longestMs = 30_000;

/** A try that failed, in words, and how long to wait before the next. */
export interface Wait {
  readonly error: string;
  readonly waitMs: number;
}

/** What Slack asks for, or else about twice as long each time, up to about 30 s. */
export function createBackOff(firstMs = 500): (error: unknown) => Wait {
  let nextMs = firstMs;
  return (error) => {
    const failure = failureOf(error);
    if (failure.kind === 'rate-limited') return { error: failure.words, waitMs: failure.waitMs };
    const waitMs = Math.round(nextMs * (0.75 + Math.random() / 2));
    nextMs = Math.min(nextMs * 2, longestMs);
    return { error: failure.words, waitMs };
  };
}
