import { setTimeout as delay } from 'node:timers/promises';
import { RespondError, type RespondFn } from '@slack/bolt';
import type { Log } from '../../log/log.ts';
import type { outgoing } from './messages.ts';

type Answer = ReturnType<typeof outgoing> & {
  readonly response_type?: 'ephemeral';
  readonly replace_original: boolean;
};

/** Bolt waits for an answer from a response url for ever. */
const withinMs = 10_000;

/**
 * Answers by a response url, which nobody else sees: at most once, for whether an answer arrived nobody can look up. Tries again only
 * while Slack asks to wait, and once more without the blocks if it refuses them: it does not say why. Throws what Slack refuses; what may
 * have arrived is only logged.
 */
export async function respondOnce(
  respond: RespondFn,
  answer: Answer,
  log: Log,
  waitMs = 1000,
): Promise<void> {
  const until = performance.now() + withinMs;
  let message = answer;
  for (;;) {
    try {
      const response = await within(until - performance.now(), respond(message));
      // What nobody reads keeps its connection until memory is collected.
      await response.text();
      return;
    } catch (error) {
      const status = error instanceof RespondError ? error.statusCode : undefined;
      if (status === 400 && message.blocks.length > 0) {
        log.error('Slack refused an answer for one person; its facts go out as text', {
          error: String(error),
          blocks: message.blocks.map(({ type }) => type).join(' '),
        });
        message = { ...message, blocks: [] };
      } else if (status === 429 && performance.now() + waitMs <= until) await delay(waitMs);
      else if (status !== undefined && status < 500) throw error;
      else return log.warn('an answer for one person may not have arrived', { error: String(error) });
    }
  }
}

async function within<Answer>(ms: number, answer: Promise<Answer>): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Slack did not answer within ${withinMs / 1000} s`)), ms);
  });
  return await Promise.race([answer, late]).finally(() => clearTimeout(timer));
}
