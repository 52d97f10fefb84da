import { z } from 'zod';

// Limits of composition objects: docs.slack.dev/reference/block-kit/composition-objects.

/** `action_id`, `block_id`, `callback_id`. */
export const identifier = z.string().min(1).max(255);

export const url = z.string().min(1).max(3000);

export function plainText(max: number) {
  return z.strictObject({
    type: z.literal('plain_text'),
    text: z.string().min(1).max(max),
    emoji: z.boolean().optional(),
  });
}

export function mrkdwn(max: number) {
  return z.strictObject({
    type: z.literal('mrkdwn'),
    text: z.string().min(1).max(max),
    verbatim: z.boolean().optional(),
  });
}

export function anyText(max: number) {
  return z.discriminatedUnion('type', [plainText(max), mrkdwn(max)]);
}

export const style = z.enum(['primary', 'danger']);

export const confirm = z.strictObject({
  title: plainText(100).optional(),
  text: anyText(300),
  confirm: plainText(30).optional(),
  deny: plainText(30).optional(),
  style: style.optional(),
});

export const option = z.strictObject({
  text: anyText(75),
  /** The reference says 150, the types say 75: what both take. */
  value: z.string().max(75).optional(),
  description: plainText(75).optional(),
  url: url.optional(),
});

export const optionGroup = z.strictObject({ label: plainText(75), options: z.array(option).min(1).max(100) });

export const slackFile = z.strictObject({ id: z.string().optional(), url: url.optional() });

export const imageElement = z
  .strictObject({
    type: z.literal('image'),
    alt_text: z.string().min(1).max(2000),
    image_url: url.optional(),
    slack_file: slackFile.optional(),
  })
  .refine(
    (image) => Boolean(image.image_url) !== Boolean(image.slack_file),
    'needs one of image_url and slack_file',
  );
