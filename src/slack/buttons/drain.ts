import { z } from 'zod';
import type { AgentId } from '../../domain/agent.ts';
import { newId } from '../../domain/operation.ts';
import { count } from '../../language/duration.ts';
import type { Site } from '../../site/site.ts';
import { extensionMs } from '../cards/drain-buttons.ts';
import type { Desk } from '../commands/command.ts';
import { sentenceCard } from '../markup/blocks.ts';
import { escaped } from '../markup/mrkdwn.ts';
import type { Action, Pressed } from './button.ts';

export const drainExtend: Action = {
  id: 'drain_extend',
  effect: 'changes',
  run: (pressed, desk) =>
    intervene(pressed, desk, {
      act: (site, operation) => site.extend(operation, extensionMs),
      words: (agents) => `gave ${agents} ${extensionMs / 1000} s more to stop`,
    }),
};

/** Only for what the card showed as draining: what began since then is not covered by the click. */
export const drainKill: Action = {
  id: 'drain_kill',
  effect: 'destroys',
  run: (pressed, desk) =>
    intervene(pressed, desk, {
      act: (site, operation, shownAt) => site.killNow(operation, shownAt),
      words: (agents) => `ended the wait for ${agents}: killed now`,
    }),
};

interface Intervention {
  /** Gives whom it reached. */
  act(site: Site, operation: string, shownAt: Date): Promise<readonly AgentId[]>;
  words(agents: string): string;
}

const drainValue = z.object({ operation: z.string(), shownAt: z.number() });

async function intervene(
  { asker, value, message, reply }: Pressed,
  { site, writer }: Desk,
  { act, words }: Intervention,
): Promise<void> {
  const { operation, shownAt } = drainValue.parse(JSON.parse(value));
  const reached = await act(site, operation, new Date(shownAt));
  if (reached.length === 0) {
    return await reply.whisper(sentenceCard('Nothing of this drains any more: your click did nothing.'));
  }
  const content = sentenceCard(`<@${asker.person}> ${words(named(reached))} (${operation}).`);
  await writer.post({ channel: message.channel, thread: message.ts, content, id: newId('S') });
}

function named(agents: readonly AgentId[]): string {
  return agents.length > 3
    ? count(agents.length, 'agent')
    : agents.map((id) => `*${escaped(id)}*`).join(', ');
}
