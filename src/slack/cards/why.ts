import type { AgentId } from '../../team/team.ts';
import { section, smallPrint, timeOfDay } from '../blocks.ts';
import type { MessageContent } from '../messages.ts';
import { escaped } from '../outside-text.ts';

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
