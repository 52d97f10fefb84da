import { z } from 'zod';
import { anyText, identifier, imageElement, mrkdwn, plainText, slackFile, url } from './composition.ts';
import { inActions, inContextActions, inInput, inSection } from './elements.ts';

// Limits of the ordinary blocks: docs.slack.dev/reference/block-kit/blocks.

export const blockId = { block_id: identifier.optional() };

export const actions = z.strictObject({
  type: z.literal('actions'),
  ...blockId,
  elements: z
    .array(z.discriminatedUnion('type', [...inActions]))
    .min(1)
    .max(25),
});

export const alert = z.strictObject({
  type: z.literal('alert'),
  ...blockId,
  text: anyText(200),
  level: z.enum(['default', 'info', 'warning', 'error', 'success']).optional(),
});

export const context = z.strictObject({
  type: z.literal('context'),
  ...blockId,
  elements: z
    .array(z.discriminatedUnion('type', [imageElement, plainText(3000), mrkdwn(3000)]))
    .min(1)
    .max(10),
});

export const contextActions = z.strictObject({
  type: z.literal('context_actions'),
  ...blockId,
  elements: z
    .array(z.discriminatedUnion('type', [...inContextActions]))
    .min(1)
    .max(5),
});

export const divider = z.strictObject({ type: z.literal('divider'), ...blockId });

export const header = z.strictObject({ type: z.literal('header'), ...blockId, text: plainText(150) });

export const image = z
  .strictObject({
    type: z.literal('image'),
    ...blockId,
    alt_text: z.string().min(1).max(2000),
    title: plainText(2000).optional(),
    image_url: url.optional(),
    slack_file: slackFile.optional(),
  })
  .refine((it) => Boolean(it.image_url) !== Boolean(it.slack_file), 'needs one of image_url and slack_file');

export const input = z.strictObject({
  type: z.literal('input'),
  ...blockId,
  label: plainText(2000),
  hint: plainText(2000).optional(),
  optional: z.boolean().optional(),
  dispatch_action: z.boolean().optional(),
  element: z.discriminatedUnion('type', [...inInput]),
});

export const markdown = z.strictObject({
  type: z.literal('markdown'),
  ...blockId,
  text: z.string().min(1).max(12_000),
});

export const section = z
  .strictObject({
    type: z.literal('section'),
    ...blockId,
    text: anyText(3000).optional(),
    fields: z.array(anyText(2000)).min(1).max(10).optional(),
    accessory: z.discriminatedUnion('type', [...inSection, imageElement]).optional(),
    expand: z.boolean().optional(),
  })
  .refine((it) => it.text || it.fields, 'missing required field: text');

export const video = z.strictObject({
  type: z.literal('video'),
  ...blockId,
  video_url: url,
  thumbnail_url: url,
  alt_text: z.string().min(1).max(2000),
  title: plainText(199),
  title_url: url.optional(),
  author_name: z.string().max(49).optional(),
  provider_name: z.string().max(50).optional(),
  provider_icon_url: url.optional(),
  description: plainText(200).optional(),
});
