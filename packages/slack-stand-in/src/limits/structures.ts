import { z } from 'zod';
import { actions, blockId, context, divider, header, image, input, section, video } from './blocks.ts';
import { anyText, imageElement, mrkdwn, plainText, url } from './composition.ts';
import { button } from './elements.ts';
import { richText } from './rich-text.ts';

// Blocks that hold rows, tasks or other blocks: docs.slack.dev/reference/block-kit/blocks.

const rawText = z.strictObject({ type: z.literal('raw_text'), text: z.string().min(1) });

const rawNumber = z.strictObject({
  type: z.literal('raw_number'),
  value: z.number(),
  text: z.string().min(1),
});

const cell = z.discriminatedUnion('type', [rawText, rawNumber, richText]);

const row = z.array(cell).min(1).max(20);

export const table = z
  .strictObject({
    type: z.literal('table'),
    ...blockId,
    /** The header row counts. */
    rows: z.array(row).min(1).max(100),
    column_settings: z
      .array(
        z.strictObject({
          align: z.enum(['left', 'center', 'right']).optional(),
          is_wrapped: z.boolean().optional(),
        }),
      )
      .max(20)
      .optional(),
  })
  .refine(({ rows }) => rows.every((cells) => cells.length === rows[0]?.length), {
    message: 'all rows must have the same number of cells',
    path: ['rows'],
  });

/** Sources differ on rows and text; these are the smaller numbers. */
export const dataTable = z.strictObject({
  type: z.literal('data_table'),
  ...blockId,
  caption: z.string().min(1),
  rows: z.array(row).min(2).max(101),
  page_size: z.int().min(1).max(100).optional(),
  row_header_column_index: z.int().min(0).max(19).optional(),
});

export const taskCard = z.strictObject({
  type: z.literal('task_card'),
  ...blockId,
  task_id: z.string().min(1).max(255),
  title: z.string().min(1),
  status: z.enum(['pending', 'in_progress', 'complete', 'error']),
  details: richText.optional(),
  output: richText.optional(),
  sources: z.array(z.strictObject({ type: z.literal('url'), url, text: z.string().min(1) })).optional(),
});

export const plan = z.strictObject({
  type: z.literal('plan'),
  ...blockId,
  title: z.string().min(1),
  tasks: z.array(taskCard).max(50).optional(),
});

export const card = z
  .strictObject({
    type: z.literal('card'),
    ...blockId,
    hero_image: imageElement.optional(),
    icon: imageElement.optional(),
    title: mrkdwn(150).optional(),
    subtitle: mrkdwn(150).optional(),
    body: mrkdwn(200).optional(),
    subtext: mrkdwn(200).optional(),
    actions: z.array(button).max(3).optional(),
  })
  .refine(
    (it) => it.hero_image || it.title || it.actions || it.body,
    'needs one of hero_image, title, actions and body',
  );

export const carousel = z.strictObject({
  type: z.literal('carousel'),
  ...blockId,
  elements: z.array(card).min(1).max(10),
});

export const container = z
  .strictObject({
    type: z.literal('container'),
    ...blockId,
    title: plainText(150).optional(),
    rich_text_title: richText.optional(),
    subtitle: anyText(150).optional(),
    child_blocks: z
      .array(
        z.discriminatedUnion('type', [
          actions,
          context,
          divider,
          header,
          image,
          input,
          richText,
          section,
          table,
          video,
        ]),
      )
      .min(1)
      .max(10),
    width: z.enum(['narrow', 'standard', 'wide', 'full']).optional(),
    icon: imageElement.optional(),
    is_collapsible: z.boolean().optional(),
    default_collapsed: z.boolean().optional(),
    has_header_divider: z.boolean().optional(),
  })
  .refine((it) => it.title || it.rich_text_title, 'missing required field: title');
