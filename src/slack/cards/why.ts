import type { AgentId } from '../../domain/agent.ts';
import { type MessageContent, section, smallPrint, timeOfDay } from '../markup/blocks.ts';
import { escaped } from '../markup/mrkdwn.ts';

export interface WhyCard {
  readonly id: AgentId;
  /** mrkdwn; the present first. */
  readonly sentences: readonly string[];
  readonly hostName: string;
  readonly asOf: Date;
}

/** Why an agent runs or does not, one line a sentence. */
export function whyCard({ id, sentences, hostName, asOf }: WhyCard): MessageContent {
  const [first = `Nothing is known of ${escaped(id)}.`, ...others] = sentences;
  return {
    text: first,
    blocks: [
      section([`*${first}*`, ...others.map((sentence) => `• ${sentence}`)].join('\n')),
      smallPrint(`${escaped(hostName)} · as of ${timeOfDay(asOf)} · only you see this`),
    ],
  };
}
