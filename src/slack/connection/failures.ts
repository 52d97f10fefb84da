import { webApi } from '@slack/bolt';
import type { MessageContent } from '../markup/blocks.ts';
import { formErrors } from '../outbox/messages.ts';

/** Why a call to Slack failed, as far as it decides what to do next. */
export type Failure =
  /** Slack did nothing: it asks to wait. */
  | { readonly kind: 'rate-limited'; readonly waitMs: number; readonly words: string }
  /** No clear answer: it may have been done or not. */
  | { readonly kind: 'uncertain'; readonly words: string }
  | { readonly kind: 'invalid-blocks'; readonly words: string }
  | { readonly kind: 'too-long'; readonly words: string }
  /** It was not done, and asking again would change nothing. */
  | { readonly kind: 'refused'; readonly words: string };

const passingErrors = new Set([
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'ratelimited',
  // While a workspace is moved to an organisation.
  'team_added_to_org',
  'org_login_required',
]);

/** Slack's own word for a trouble of its own. */
export function isPassing(error: string): boolean {
  return passingErrors.has(error);
}

export function failureOf(error: unknown): Failure {
  if (error instanceof webApi.WebAPIRateLimitedError) {
    return {
      kind: 'rate-limited',
      waitMs: error.retryAfter * 1000,
      words: `rate limited for ${error.retryAfter} s`,
    };
  }
  if (error instanceof webApi.WebAPIPlatformError) {
    if (!/^\w+$/.test(error.data.error))
      return { kind: 'uncertain', words: 'an answer that is not from Slack' };
    const words = [error.data.error, ...(error.data.response_metadata?.messages ?? [])].join('; ');
    const ofForm = formErrors.get(error.data.error);
    return { kind: ofForm ?? (isPassing(error.data.error) ? 'uncertain' : 'refused'), words };
  }
  if (error instanceof webApi.WebAPIHTTPError || error instanceof webApi.WebAPIRequestError) {
    return { kind: 'uncertain', words: wordsOf(error) };
  }
  return { kind: 'refused', words: String(error) };
}

/** Which blocks Slack complains of, in what it says: `2 (table)`. */
export function refusedBlocks(words: string, { blocks }: MessageContent): string | undefined {
  const numbers = [...words.matchAll(/json-pointer:\/blocks\/(\d+)/g)].map(([, number]) => Number(number));
  const named = [...new Set(numbers)].map((number) => `${number} (${blocks[number]?.type ?? 'none'})`);
  return named.length === 0 ? undefined : named.join(', ');
}

/** What went wrong with a connection lies in the cause of the cause. */
export function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause !== undefined) return wordsOf(error.cause);
  // Where every address of a host was tried, the words are in each try.
  if (error instanceof AggregateError && error.message === '') return error.errors.map(wordsOf).join('; ');
  return error.message;
}
