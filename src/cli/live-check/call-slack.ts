import { setTimeout as delay } from 'node:timers/promises';
import { failureOf } from '../../slack/connection/failures.ts';

/** What Slack said to one call. */
export type Said<Data> =
  | { readonly kind: 'ok'; readonly data: Data }
  | { readonly kind: 'refused'; readonly words: string };

const mostTries = 5;

/** Waits as long as Slack asks to; other than that, a call is made once. */
export async function asked<Data>(call: () => Promise<Data>): Promise<Said<Data>> {
  for (let tries = 1; ; tries++) {
    try {
      return { kind: 'ok', data: await call() };
    } catch (error) {
      const failure = failureOf(error);
      if (failure.kind !== 'rate-limited' || tries >= mostTries) {
        return { kind: 'refused', words: failure.words };
      }
      await delay(failure.waitMs);
    }
  }
}
