import type { MessageContent } from '../../markup/blocks.ts';

/** Cards by the name of what they show. */
export type SampleCards = Readonly<Record<string, MessageContent>>;
