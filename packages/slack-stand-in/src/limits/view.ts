import { z } from 'zod';
import { identifier, plainText } from './composition.ts';
import { homeBlocks, modalBlocks } from './surfaces.ts';

// docs.slack.dev/reference/views.

const common = {
  private_metadata: z.string().max(3000).optional(),
  callback_id: identifier.optional(),
  external_id: identifier.optional(),
};

export const home = z.strictObject({ type: z.literal('home'), blocks: homeBlocks, ...common });

export const modal = z
  .strictObject({
    type: z.literal('modal'),
    title: plainText(24),
    submit: plainText(24).optional(),
    close: plainText(24).optional(),
    clear_on_close: z.boolean().optional(),
    notify_on_close: z.boolean().optional(),
    submit_disabled: z.boolean().optional(),
    blocks: modalBlocks,
    ...common,
  })
  .refine((view) => view.submit || view.blocks.every(({ type }) => type !== 'input'), {
    message: 'missing required field: submit',
    path: [],
  });
