import type { types } from '@slack/bolt';
import { checkMessage } from '../limits/check-message.ts';
import type { MessageContent } from '../server/message-store.ts';
import { SlackError } from '../slack-error.ts';
import type { Arguments } from './call-arguments.ts';

/** What is kept where the arguments say nothing about it. */
type Kept = Partial<Pick<MessageContent, 'attachments' | 'metadata'>>;

/** Slack cuts the text of a new message here, and says so (docs.slack.dev, chat.postMessage). */
export const textCutAt = 40_000;

/** Reads and checks text, blocks, attachments and metadata; throws Slack's refusal. */
export function readContent(args: Arguments, kept: Kept = {}): MessageContent {
  const text = args.text('text') ?? '';
  const blocks = args.structure('blocks', 'invalid_blocks_format') ?? [];
  const attachments = args.structure('attachments', 'invalid_attachments') ?? kept.attachments ?? [];
  const metadata = args.has('metadata')
    ? args.structure('metadata', 'invalid_metadata_format')
    : kept.metadata;

  const refusal = checkMessage({ text, blocks, attachments, metadata });
  if (refusal) throw new SlackError(refusal.error, refusal.details);

  return {
    text: [...text].slice(0, textCutAt).join(''),
    // The check above is what makes these casts true.
    blocks: blocks as types.KnownBlock[],
    attachments: attachments as types.MessageAttachment[],
    ...(isEmpty(metadata) ? {} : { metadata: metadata as types.MessageMetadata }),
  };
}

/** `{}` takes metadata away. */
function isEmpty(metadata: unknown): boolean {
  return typeof metadata !== 'object' || metadata === null || Object.keys(metadata).length === 0;
}
