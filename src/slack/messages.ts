import { type types, webApi } from '@slack/bolt';
import { cutMarkupToBytes } from './outside-text.ts';
import { type Redact, redactDeep } from './redact.ts';

export interface MessageContent {
  /** The verdict in one line: notifications and screen readers see nothing else. Already escaped. */
  readonly text: string;
  readonly blocks: readonly types.KnownBlock[];
}

export interface PostArguments {
  readonly channel: string;
  readonly content: MessageContent;
  readonly thread?: string;
  /** Kept in the message's metadata: by it a post whose answer was lost is found again. */
  readonly id: string;
  /** An earlier try may have arrived: it is looked for first. */
  readonly mayBeThere?: boolean;
}

/** The three calls the writer makes. Each throws the library's error. */
export interface Messages {
  post(post: PostArguments): Promise<{ readonly ts: string }>;
  update(channel: string, ts: string, content: MessageContent): Promise<void>;
  /** The timestamp of a message of ours with this id, looked for among the newest of the channel or thread. */
  find(post: PostArguments): Promise<string | undefined>;
}

const eventType = 'muster_message';

/** In UTF-8. Slack takes 4,000 bytes in an edit, also beside blocks, and 40,000 characters in a new message. */
const longestTextBytes = 3800;

/** The only form in which content leaves: with secrets taken out, and no longer than Slack takes it. */
export function outgoing(
  { text, blocks }: MessageContent,
  redact: Redact,
): { text: string; blocks: types.KnownBlock[] } {
  const clean = redactDeep({ text, blocks: [...blocks] }, redact);
  return { ...clean, text: cutMarkupToBytes(clean.text, longestTextBytes) };
}

/** Nothing is sent without passing `redact`. */
export function messagesOf(client: webApi.WebClient, redact: Redact): Messages {
  const shape = (content: MessageContent) => ({
    ...outgoing(content, redact),
    parse: 'none' as const,
    link_names: false,
    unfurl_links: false,
    unfurl_media: false,
  });
  return {
    async post({ channel, content, thread, id }) {
      const posted = await client.chat.postMessage({
        channel,
        ...shape(content),
        ...(thread === undefined ? {} : { thread_ts: thread }),
        metadata: { event_type: eventType, event_payload: { id } },
      });
      if (posted.ts === undefined) throw new Error('Slack accepted a message and did not say its ts');
      return { ts: posted.ts };
    },
    async update(channel, ts, content) {
      const { text, blocks, parse, link_names } = shape(content);
      await client.chat.update({ channel, ts, text, blocks, parse, link_names });
    },
    async find({ channel, thread, id }) {
      const newest = { channel, limit: 200, include_all_metadata: true };
      const page =
        thread === undefined
          ? await client.conversations.history(newest)
          : await client.conversations.replies({ ...newest, ts: thread });
      const ours = page.messages?.find(
        ({ metadata }) =>
          metadata?.event_type === eventType &&
          (metadata.event_payload as { id?: unknown } | undefined)?.id === id,
      );
      return ours?.ts;
    },
  };
}

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

const formErrors: ReadonlyMap<string, 'invalid-blocks' | 'too-long'> = new Map([
  ['invalid_blocks', 'invalid-blocks'],
  ['invalid_blocks_format', 'invalid-blocks'],
  ['invalid_attachments', 'invalid-blocks'],
  ['msg_blocks_too_long', 'too-long'],
  ['msg_too_long', 'too-long'],
]);

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

/** Asking again may help. */
export function mayPass({ kind }: Failure): boolean {
  return kind === 'rate-limited' || kind === 'uncertain';
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
