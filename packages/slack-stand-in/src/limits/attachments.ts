import { z } from 'zod';
import { messageBlocks } from './surfaces.ts';

const short = z.string().optional();

/** docs.slack.dev/messaging/formatting-message-text, "secondary attachments"; old-style buttons in them are not served. */
export const attachments = z
  .array(
    z.strictObject({
      blocks: messageBlocks.optional(),
      color: z
        .string()
        .regex(/^(#?[0-9a-fA-F]{6}|good|warning|danger)$/, 'must be a colour')
        .optional(),
      fallback: short,
      pretext: short,
      author_name: short,
      author_link: short,
      author_icon: short,
      title: short,
      title_link: short,
      text: short,
      fields: z
        .array(z.strictObject({ title: short, value: short, short: z.boolean().optional() }))
        .optional(),
      mrkdwn_in: z.array(z.string()).optional(),
      image_url: short,
      thumb_url: short,
      footer: short,
      footer_icon: short,
      ts: z.union([z.string(), z.number()]).optional(),
      id: z.number().optional(),
    }),
  )
  .max(100);

const scalar = z.union([z.string(), z.number(), z.boolean()]);

const flat = z.record(z.string(), z.union([scalar, z.array(scalar), z.record(z.string(), scalar)]));

/** Scalars, and objects of scalars one level down (docs.slack.dev/messaging/message-metadata). */
export const metadata = z.union([
  z.strictObject({}),
  z.strictObject({ event_type: z.string().min(1).max(255), event_payload: flat }),
]);
