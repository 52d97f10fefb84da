import type { AgentId } from '../../../../src/domain/agent.ts';
import { historyCard } from '../../../../src/slack/cards/history.ts';
import { muteOverCard } from '../../../../src/slack/cards/mute.ts';
import type { SampleCards } from '../../../../src/slack/cards/samples/sample-card.ts';
import { ago, now } from '../../../../src/slack/cards/samples/sample-operations.ts';
import { alert, dead, death, mute, signalled } from '../../../../src/slack/cards/samples/watch-cards.ts';
import type { MessageContent } from '../../../../src/slack/markup/blocks.ts';

const min = 60_000;

const nasty = '<!channel> <@U0EVIL0000> *bold* & ';
const longError = nasty.repeat(10_000 / nasty.length);
const longId = (index: number): AgentId =>
  `${`project-${index % 12}-`.padEnd(64, 'p')}:${`agent-${index}-`.padEnd(64, 'a')}`;

/** 300 agents with ids of 129 characters, and words that would ping a channel. */
export function worstWatchCards(): SampleCards {
  const cards: Record<string, MessageContent> = {};
  const operation = { id: 'O-222222', askedBy: nasty, text: longError };
  for (const count of [1, 2, 3, 4, 40, 300]) {
    const ids = Array.from({ length: count }, (_, index) => longId(index));
    const host = [
      { kind: 'blind', from: ago(7 * min), at: now } as const,
      { kind: 'unreadable', at: now, agents: ids, reason: longError } as const,
    ];
    const cause = { kind: 'operation', operation } as const;
    cards[`watch alert of ${count}`] = alert(
      ids.map((id) => dead(id, { end: signalled('SEGV'), restarts: true })),
      { host, cause },
    );
    cards[`watch alert of ${count}, given up`] = alert(
      ids.map((id) => dead(id, {}, { loop: { kind: 'gave-up', id, at: now, reason: longError } })),
      { host: [...host, { kind: 'rebooted', at: now, agents: ids }], cause },
    );
    cards[`mute over with ${count}`] = muteOverCard({
      mute: { ...mute, what: `${nasty}${'p'.repeat(64)}` },
      at: now,
      endedBy: nasty,
      kept: ids.map((agent) => ({ agent, kind: 'died', times: 2, firstAt: now, lastAt: now })),
    });
    cards[`history of ${count}`] = historyCard({
      name: 'shop',
      operations: [],
      deaths: ids.map((id) => death(`${nasty}:${id}`)),
      advice: ids.map(() => 'x'.repeat(1000)),
      hostName: longError,
      now,
    });
  }
  return cards;
}
