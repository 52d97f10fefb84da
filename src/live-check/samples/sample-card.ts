import type { MessageContent } from '../../slack/messages.ts';

/** Cards by the name of what they show. */
export type SampleCards = Readonly<Record<string, MessageContent>>;
