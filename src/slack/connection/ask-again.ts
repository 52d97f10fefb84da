import { setTimeout as delay } from 'node:timers/promises';
import { mayPass } from '../outbox/messages.ts';
import { failureOf } from './failures.ts';

export interface Patience {
  /** No further try begins after so many milliseconds. */
  readonly forMs?: number;
  /** To the second try; doubled for each further one. */
  readonly firstRetryMs?: number;
}

/** Puts a question to Slack, and puts it again while Slack asks to wait or gives no clear answer: nothing is done twice by asking twice. Throws the last error. */
export async function lookUp<Answer>(
  ask: () => Promise<Answer>,
  { forMs = 6000, firstRetryMs = 200 }: Patience = {},
): Promise<Answer> {
  const until = performance.now() + forMs;
  for (let retryMs = firstRetryMs; ; retryMs *= 2) {
    try {
      return await ask();
    } catch (error) {
      const failure = failureOf(error);
      const waitMs = failure.kind === 'rate-limited' ? failure.waitMs : retryMs;
      if (!mayPass(failure) || performance.now() + waitMs > until) throw error;
      await delay(waitMs);
    }
  }
}
