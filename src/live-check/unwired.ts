import type { MessageContent } from '../slack/messages.ts';

/** What stands for the people and the channel of the samples in a real workspace. */
export interface StandsFor {
  /** Muster's own user: a mention of it pings nobody. */
  readonly person: string;
  readonly channel: string;
}

const samplePeople = /\bU0(?:ANA|BO)0+\b/g;
const sampleChannel = /\bC0OPS0+\b/g;

/** A card that Muster does not answer when somebody presses its buttons: the agents it shows are nobody's. */
export function unwired(card: MessageContent, { person, channel }: StandsFor): MessageContent {
  const text = JSON.stringify(card).replace(samplePeople, person).replace(sampleChannel, channel);
  return JSON.parse(text, (key, value: unknown) =>
    key === 'action_id' ? `live_check_${String(value)}` : value,
  ) as MessageContent;
}
