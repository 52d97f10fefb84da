import { z } from 'zod';
import {
  actions,
  alert,
  context,
  contextActions,
  divider,
  header,
  image,
  input,
  markdown,
  section,
  video,
} from './blocks.ts';
import { richText } from './rich-text.ts';
import { card, carousel, container, dataTable, plan, table, taskCard } from './structures.ts';

// Which block goes where, and how many: docs.slack.dev/block-kit and its blocks.json. An app can't send `file`.

const everywhere = [actions, context, divider, header, image, input, richText, section, video] as const;

const messagesOnly = [card, container, contextActions, dataTable, markdown, plan, table, taskCard] as const;

export const messageBlocks = z
  .array(z.discriminatedUnion('type', [...everywhere, ...messagesOnly, carousel]))
  .max(50);

export const modalBlocks = z.array(z.discriminatedUnion('type', [...everywhere, alert])).max(100);

export const homeBlocks = z.array(z.discriminatedUnion('type', [...everywhere, carousel])).max(100);

export type CheckedBlock = z.infer<typeof messageBlocks>[number];
