import type { AgentId } from '../../../../src/domain/agent.ts';
import type { Step } from '../../../../src/domain/plan.ts';
import { advance, forcedKills } from '../../../../src/domain/progress.ts';
import { RefusedError } from '../../../../src/domain/refusal.ts';
import type { AgentStatus } from '../../../../src/domain/status.ts';
import type { DrainResult } from '../../../../src/domain/stop-record.ts';
import { closingReply } from '../../../../src/slack/cards/closing.ts';
import { changedSentence, questionCard } from '../../../../src/slack/cards/confirmation.ts';
import { dryRunCard } from '../../../../src/slack/cards/dry-run.ts';
import { alertCard } from '../../../../src/slack/cards/forced-kills.ts';
import { nothingToDoCard } from '../../../../src/slack/cards/nothing-to-do.ts';
import { receiptCard } from '../../../../src/slack/cards/receipt.ts';
import { card } from '../../../../src/slack/cards/samples/operation-cards.ts';
import type { SampleCards } from '../../../../src/slack/cards/samples/sample-card.ts';
import {
  advised,
  ago,
  drained,
  draining,
  failed,
  killedResult,
  now,
  operation,
  progressOf,
  question,
  step,
} from '../../../../src/slack/cards/samples/sample-operations.ts';
import { status } from '../../../../src/slack/cards/samples/status-cards.ts';
import { statusCard } from '../../../../src/slack/cards/status.ts';
import { type MessageContent, sentenceCard } from '../../../../src/slack/markup/blocks.ts';
import { explain } from '../../../../src/slack/markup/explain.ts';

const nasty = '<!channel> <@U0EVIL0000> *bold* & ';
const longId = (project: number, agent: number): AgentId =>
  `${`project-${project}-`.padEnd(64, 'p')}:${`agent-${agent}-`.padEnd(64, 'a')}`;
const longError = nasty.repeat(10_000 / nasty.length);
const many = Array.from({ length: 300 }, (_, index) => longId(index % 12, index));
const crowd = (count: number, action: Step['action']) =>
  many.slice(0, count).map((id) => step(id, action, [longError]));
const worstRequest = {
  text: `/team ${longError}`,
  selection: { kind: 'project', project: `${nasty}${'p'.repeat(64)}` },
} as const;
const worstResult: DrainResult = {
  ...killedResult,
  signals: Array.from({ length: 40 }, (_, atMs) => ({ signal: 'KILL', atMs, processes: 9 })),
  survivors: Array.from({ length: 40 }, (_, pid) => ({ pid, state: 'D', command: longError })),
  strays: Array.from({ length: 40 }, (_, pid) => ({ pid, state: 'S', command: longError })),
  lastLines: Array.from({ length: 40 }, () => longError),
};

/** 300 agents in 12 projects with ids of 129 characters, errors of 10,000 characters, and names that would ping a channel. */
export function worstCards(): SampleCards {
  const cards: Record<string, MessageContent> = {};
  for (const count of [1, 40, 50, 51, 300]) {
    const of = operation(worstRequest, crowd(count, 'replace'));
    const ids = many.slice(0, count);
    const killed = progressOf(of, ...ids.map((id) => drained(id, worstResult)));
    const allFailed = ids.map((id) => failed(id, longError)).reduce(advance, killed);
    cards[`operation of ${count}, begun`] = card(of, progressOf(of));
    cards[`operation of ${count}, draining`] = card(of, progressOf(of, ...ids.map(draining)));
    cards[`operation of ${count}, killed`] = card(of, killed, true);
    cards[`operation of ${count}, failed`] = card(of, allFailed, true, longError);
    cards[`closing of ${count}`] = closingReply({
      operation: of,
      progress: killed,
      finishedAt: now,
      untold: { kind: 'refused', words: longError },
    });
    cards[`alert of ${count}`] = alertCard({
      operation: of,
      kills: advised(forcedKills(killed), [worstResult]),
      hostName: longError,
      shownIn: 'C0OPS00000',
    });
    cards[`dry run of ${count}`] = dryRunCard(of.request, of.plan);
    cards[`nothing to do for ${count}`] = nothingToDoCard(
      of.request,
      { steps: crowd(count, 'leave') },
      new Map(),
    );
    const unknown = new Map(ids.map((id) => [id, { state: 'unknown', reason: longError }] as const));
    cards[`question about ${count}`] = questionCard({
      question: question(of, 'several-projects'),
      observed: unknown,
      hostName: longError.slice(0, 200),
      rule: 'second-person',
      again: changedSentence(ids.map((id) => ({ id, change: 'handled' }) as const)),
    });
    const agents = ids.map(
      (id): AgentStatus => ({
        id,
        project: 'p',
        seen: { state: 'unknown', reason: longError },
        inTeam: true,
        wantedDown: { by: longError, at: ago(1) },
      }),
    );
    cards[`status of ${count}`] = statusCard({
      status: {
        asOf: now,
        agents,
        complaints: Array.from({ length: count }, () => longError),
        warnings: [longError],
      },
      selection: worstRequest.selection,
      hostName: longError.slice(0, 200),
      askedBy: 'U0ANA00000',
    });
    const everyWord = agents.map(
      (agent, index): AgentStatus => ({
        ...agent,
        project: `${longError.slice(0, 100)}${index % 12}`,
        seen: {
          state: 'stopped',
          restarting: false,
          gaveUp: longError,
          lastEnd: { kind: 'signalled', signal: longError, at: ago(1e9) },
        },
        inTeam: false,
      }),
    );
    for (const page of [0, 3, 1000]) {
      cards[`status of ${count} that gave up, page ${page}`] = status(
        everyWord,
        { warnings: [longError, longError] },
        { selection: { kind: 'team' }, page },
      );
    }
    const complaints = Array.from({ length: count }, () => longError);
    cards[`refusal with ${count} complaints`] = sentenceCard(
      explain(new RefusedError({ kind: 'team-does-not-load', complaints })).words,
    );
    cards[`refusal with ${count} names`] = sentenceCard(
      explain(new RefusedError({ kind: 'unknown-selection', asked: longError, known: ids })).words,
    );
    const [kill] = forcedKills(killed);
    if (kill !== undefined)
      cards[`receipt of one of ${count}`] = receiptCard({
        id: 'R-7k2m9x',
        operation: of,
        kill,
        lines: 15,
        before: [worstResult],
      });
  }
  return cards;
}
