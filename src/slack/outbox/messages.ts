import type { types, webApi } from '@slack/bolt';
import { type Redact, redactDeep } from '../../log/redact.ts';
import type { Failure } from '../connection/failures.ts';
import type { MessageContent } from '../markup/blocks.ts';
import { cutMarkupToBytes } from '../markup/mrkdwn.ts';

/** `block 2 (a table)` for each that Slack's words point at. */
export function refusedBlocks(words: string, blocks: readonly types.KnownBlock[]): readonly string[] {
  const numbers = [...words.matchAll(/json-pointer:\/blocks\/(\d+)/g)].map(([, number]) => Number(number));
  return [...new Set(numbers)].map((number) => {
    const type = blocks[number]?.type.replaceAll('_', ' ') ?? 'one that is not there';
    return `block ${number + 1} of ${blocks.length} (${type})`;
  });
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

export const formErrors: ReadonlyMap<string, 'invalid-blocks' | 'too-long'> = new Map([
  ['invalid_blocks', 'invalid-blocks'],
  ['invalid_blocks_format', 'invalid-blocks'],
  ['invalid_attachments', 'invalid-blocks'],
  ['msg_blocks_too_long', 'too-long'],
  ['msg_too_long', 'too-long'],
]);

/** Asking again may help. */
export function mayPass({ kind }: Failure): boolean {
  return kind === 'rate-limited' || kind === 'uncertain';
}
