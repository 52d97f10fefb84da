import { webApi } from '@slack/bolt';
import { createLog } from '../../log/log.ts';
import type { Settings } from '../../settings.ts';
import { wordsOf } from '../../slack/connection/failures.ts';
import { clientOptions } from '../../slack/connection/web-client.ts';

export type Answer<Data> =
  | { readonly kind: 'answer'; readonly data: Data }
  /** Slack said no, in its own word, such as `channel_not_found`. */
  | { readonly kind: 'refused'; readonly error: string; readonly needed?: string }
  | { readonly kind: 'unreachable'; readonly reason: string };

/** Slack as the doctor asks it: with the tokens of the settings, and never to change anything. */
export interface SlackQuestions {
  /** Absent: its token, or the address of Slack, is not right yet. */
  readonly bot?: webApi.WebClient;
  readonly app?: webApi.WebClient;
  /** Whom the bot token belongs to; asked once. */
  identity(): Promise<Answer<webApi.AuthTestResponse>>;
  /** How far this machine's clock is ahead of Slack's, in milliseconds, as of the last answer. */
  clockAheadMs(): number | undefined;
}

export function createSlackQuestions({
  SLACK_BOT_TOKEN: botToken,
  SLACK_APP_TOKEN: appToken,
  SLACK_API_URL: apiUrl,
}: Partial<Settings>): SlackQuestions {
  let ahead: number | undefined;
  const fetchAndReadClock: typeof fetch = async (...request) => {
    const response = await fetch(...request);
    const said = Date.parse(response.headers.get('date') ?? '');
    if (!Number.isNaN(said)) ahead = Date.now() - said;
    return response;
  };
  const client = (token: string | undefined) => {
    if (token === undefined || apiUrl === undefined) return undefined;
    return new webApi.WebClient(token, { ...clientOptions(apiUrl, silent), fetch: fetchAndReadClock });
  };
  const bot = client(botToken);
  const app = client(appToken);
  let identity: Promise<Answer<webApi.AuthTestResponse>> | undefined;

  return {
    ...(bot && { bot }),
    ...(app && { app }),
    identity() {
      identity ??= bot
        ? asked(() => bot.auth.test())
        : Promise.resolve({ kind: 'unreachable', reason: 'there is no token to ask with' });
      return identity;
    },
    clockAheadMs: () => ahead,
  };
}

export async function asked<Data>(question: () => Promise<Data>): Promise<Answer<Data>> {
  try {
    return { kind: 'answer', data: await question() };
  } catch (error) {
    if (error instanceof webApi.WebAPIPlatformError) {
      const { error: word, needed } = error.data as { error: string; needed?: string };
      return { kind: 'refused', error: word, ...(needed === undefined ? {} : { needed }) };
    }
    if (error instanceof webApi.WebAPIRateLimitedError) {
      return { kind: 'unreachable', reason: `Slack asks to wait ${error.retryAfter} s` };
    }
    return { kind: 'unreachable', reason: wordsOf(error) };
  }
}

/** What the client would log, the doctor says in its findings. */
const silent = createLog({ level: 'error', redact: (text) => text, write: () => undefined });
