import type { z } from 'zod';
import { attachments as attachmentsSchema, metadata as metadataSchema } from './attachments.ts';
import { describe, type Problem, problemsOf } from './problem.ts';
import { type CheckedBlock, messageBlocks } from './surfaces.ts';
import { home, modal } from './view.ts';
import { problemsTogether, repeatedBlockIds, tablesIn, tableTextLimit, textOf } from './whole-message.ts';

/** Why Slack would not take a payload. */
export interface Refusal {
  /** Slack's name for it. */
  readonly error: string;
  /** What the answer says about it: `response_metadata.messages` names the place by JSON pointer. */
  readonly details: Readonly<Record<string, unknown>>;
}

export interface MessagePayload {
  readonly text: string;
  readonly blocks: unknown;
  readonly attachments: unknown;
  readonly metadata: unknown;
}

export type ViewSurface = 'modal' | 'home';

/**
 * Characters of a message's blocks together. Slack doesn't document the number: its maintainers speak of
 * 12,000 with a margin for containers (bolt-js #2509), and refusals were seen from 11,341 to 13,297 on (bolt-js #2867).
 */
const blocksTextLimit = 12_000;

const viewSizeLimitBytes = 250_000;

export function checkMessage(message: MessagePayload): Refusal | undefined {
  if (!Array.isArray(message.blocks)) return refusal('invalid_blocks_format');
  const blocks = parse(messageBlocks, message.blocks, 'blocks');
  if ('problems' in blocks) return refusal('invalid_blocks', blocks.problems);
  const attachments = parse(attachmentsSchema, message.attachments, 'attachments');
  if ('problems' in attachments) return refusal('invalid_attachments', attachments.problems);
  if (message.metadata !== undefined && !metadataSchema.safeParse(message.metadata).success) {
    return refusal('invalid_metadata_format');
  }
  return checkTogether(message.text, blocks.data, attachments.data);
}

export function checkView(view: unknown, surface: ViewSurface): Refusal | undefined {
  if (typeof view !== 'object' || view === null) return refusal('invalid_view_format');
  if (Buffer.byteLength(JSON.stringify(view)) > viewSizeLimitBytes) return refusal('view_too_large');
  const parsed = surface === 'modal' ? parse(modal, view, 'view') : parse(home, view, 'view');
  const problems =
    'problems' in parsed ? parsed.problems : repeatedBlockIds(parsed.data.blocks, ['view', 'blocks']);
  return problems.length > 0 ? refusal('invalid_arguments', problems) : undefined;
}

function checkTogether(
  text: string,
  blocks: readonly CheckedBlock[],
  attachments: z.infer<typeof attachmentsSchema>,
): Refusal | undefined {
  const attached = attachments.flatMap((attachment) => attachment.blocks ?? []);
  const tables = tablesIn([...blocks, ...attached]);
  if (tables.length > 1)
    return refusal('invalid_attachments', [{ message: 'only_one_table_allowed', path: ['blocks'] }]);
  if (textOf(tables) > tableTextLimit) {
    return refusal('invalid_blocks', [
      { message: `a table must have no more than ${tableTextLimit} characters`, path: ['blocks'] },
    ]);
  }
  const inBlocks = problemsTogether(blocks, 'blocks');
  if (inBlocks.length > 0) return refusal('invalid_blocks', inBlocks);
  const inAttachments = problemsTogether(attached, 'attachments');
  if (inAttachments.length > 0) return refusal('invalid_attachments', inAttachments);
  if (textOf(blocks) + textOf(attached) > blocksTextLimit) return refusal('msg_blocks_too_long');
  if (!text && blocks.length + attachments.length === 0) return refusal('no_text');
  return undefined;
}

function parse<T>(schema: z.ZodType<T>, value: unknown, root: string): { data: T } | { problems: Problem[] } {
  const parsed = schema.safeParse(value, { reportInput: true });
  return parsed.success ? { data: parsed.data } : { problems: problemsOf(parsed.error, [root]) };
}

function refusal(error: string, problems: readonly Problem[] = []): Refusal {
  if (problems.length === 0) return { error, details: {} };
  const errors = problems.map(describe);
  return {
    error,
    details: { errors, response_metadata: { messages: errors.map((line) => `[ERROR] ${line}`) } },
  };
}
