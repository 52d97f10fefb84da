import { setTimeout as delay } from 'node:timers/promises';
import { type RespondArguments, RespondError, type RespondFn } from '@slack/bolt';

/** Bolt waits for an answer from a response url for ever. */
const withinMs = 10_000;

/**
 * Answers by a response url, which nobody else sees. Tries again only while Slack asks to wait, for then it took nothing: whether
 * another answer arrived nobody can look up.
 */
export async function respondPatiently(
  respond: RespondFn,
  message: RespondArguments,
  waitMs = 1000,
): Promise<void> {
  const until = performance.now() + withinMs;
  for (;;) {
    try {
      return await within(until - performance.now(), respond(message));
    } catch (error) {
      const isAskedToWait = error instanceof RespondError && error.statusCode === 429;
      if (!isAskedToWait || performance.now() + waitMs > until) throw error;
      await delay(waitMs);
    }
  }
}

async function within(ms: number, answer: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Slack did not answer within ${withinMs / 1000} s`)), ms);
  });
  await Promise.race([answer, late]).finally(() => clearTimeout(timer));
}
