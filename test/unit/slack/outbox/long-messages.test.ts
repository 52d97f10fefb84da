import { webApi } from '@slack/bolt';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type SlackStandIn,
  startSlackStandIn,
} from '../../../../packages/slack-stand-in/src/slack-stand-in.ts';
import type { AgentId } from '../../../../src/domain/agent.ts';
import { advance, forcedKills } from '../../../../src/domain/progress.ts';
import { closingReply } from '../../../../src/slack/cards/closing.ts';
import { alertCard } from '../../../../src/slack/cards/forced-kills.ts';
import { card } from '../../../../src/slack/cards/samples/operation-cards.ts';
import {
  advised,
  drained,
  failed,
  killedResult,
  now,
  operation,
  progressOf,
  step,
} from '../../../../src/slack/cards/samples/sample-operations.ts';
import { clientOptions } from '../../../../src/slack/connection/web-client.ts';
import { actions, button, type MessageContent, section } from '../../../../src/slack/markup/blocks.ts';
import { messagesOf, outgoing } from '../../../../src/slack/outbox/messages.ts';
import { createMessageWriter, type MessageWriter } from '../../../../src/slack/outbox/writer.ts';
import { keptLog } from '../slack-under-test.ts';

let slack: SlackStandIn;
let log: ReturnType<typeof keptLog>;
let writer: MessageWriter;

beforeAll(async () => {
  slack = await startSlackStandIn();
  log = keptLog();
  const client = new webApi.WebClient(slack.botToken, clientOptions(slack.apiUrl, log));
  const messages = messagesOf(client, (text) => text);
  writer = createMessageWriter({ messages, log, editSpacingMs: 0, postSpacingMs: 0, firstRetryMs: 0 });
});
afterAll(() => slack.close());

interface Trouble {
  readonly agents: number;
  readonly idLength: number;
  /** What ids and errors are full of. */
  readonly unit: string;
  readonly ends: 'killed' | 'failed';
}

const units = ['a', '_', '日本', '😀', '👩‍👩‍👧‍👦', '🇪🇺', '&', '<'];

function cardsOf({ agents, idLength, unit, ends }: Trouble): { begun: MessageContent; over: MessageContent } {
  const ids = Array.from(
    { length: agents },
    (_, index): AgentId => `shop:${unit.repeat(Math.ceil(idLength / unit.length))}${index}`,
  );
  const of = operation(
    {},
    ids.map((id) => step(id, 'replace')),
  );
  const killed = progressOf(of, ...ids.map((id) => drained(id, killedResult)));
  const progress =
    ends === 'killed' ? killed : ids.map((id) => failed(id, unit.repeat(300))).reduce(advance, killed);
  return { begun: card(of, progressOf(of)), over: card(of, progress, true) };
}

async function shown(content: MessageContent, edited: MessageContent) {
  const channel = slack.workspace.channel('ops').id;
  const message = await writer.post({ channel, content, id: 'O-1' });
  message.edit(edited);
  await message.settled();
  return slack.messages('ops').at(-1);
}

function expectVerdict(trouble: Trouble, stands: Awaited<ReturnType<typeof shown>>): void {
  const count = trouble.agents === 1 ? '1 agent' : `${trouble.agents} agents`;
  expect(stands?.text).toMatch(new RegExp(`^:warning: \\*${count} had to be killed \\(TimedOutKilled\\)`));
  expect(JSON.stringify(stands?.blocks)).toContain(`:warning: *${count} had to be killed (TimedOutKilled)`);
  expect(Buffer.byteLength(stands?.text ?? '')).toBeLessThanOrEqual(3_800);
  expect(stands?.text).not.toMatch(/\ufffd|&[a-z]{0,3}(?![a-z;])/);
}

test.each(
  [1, 28, 29, 39, 40, 50, 51, 150, 300].flatMap((agents) => units.map((unit) => [agents, unit] as const)),
)('the verdict stands after %i agents with %s in their ids were killed', async (agents, unit) => {
  const trouble: Trouble = { agents, idLength: 100, unit, ends: 'killed' };
  const { begun, over } = cardsOf(trouble);

  expectVerdict(trouble, await shown(begun, over));
});

test('the verdict stands whatever ids and errors are made of, and however many agents failed', async () => {
  const troubles = fc.record({
    agents: fc.integer({ min: 1, max: 300 }),
    idLength: fc.integer({ min: 1, max: 128 }),
    unit: fc.constantFrom(...units),
    ends: fc.constantFrom('killed' as const, 'failed' as const),
  });

  await fc.assert(
    fc.asyncProperty(troubles, async (trouble) => {
      const { begun, over } = cardsOf(trouble);
      expectVerdict(trouble, await shown(begun, over));
    }),
    { numRuns: 40 },
  );
}, 30_000);

describe('where Slack finds even that too long', () => {
  const before: MessageContent = { text: 'Draining.', blocks: [section('Draining.')] };
  const trouble: Trouble = { agents: 39, idLength: 60, unit: 'a', ends: 'killed' };
  const { over } = cardsOf(trouble);
  const withButtons = {
    ...over,
    blocks: [...over.blocks, actions([button({ action: 'x', label: 'Logs', value: 'shop:pay' })])],
  };
  const refuse = (method: string, error: string, times: number) =>
    slack.faults.add({ kind: 'refused', method, error, times });

  test.each(['msg_too_long', 'msg_blocks_too_long'])('%s: less is sent, with its buttons', async (error) => {
    refuse('chat.update', error, 1);
    const stands = await shown(before, withButtons);

    expectVerdict(trouble, stands);
    expect(stands?.text).toMatch(
      /… Cut short: Slack takes no more here\. `\/team history` and `\/team why AGENT` say more\.$/,
    );
    expect(stands?.blocks.map(({ type }) => type)).toEqual(['section', 'context', 'actions']);
  });

  test.each(['msg_too_long', 'msg_blocks_too_long'])('%s twice: the verdict alone is sent', async (error) => {
    refuse('chat.update', error, 2);
    const stands = await shown(before, withButtons);

    expect(stands?.text).toContain(':warning: *39 agents had to be killed (TimedOutKilled).*');
    expect(stands?.blocks).toEqual([]);
  });

  test('a new message is told in a shorter form, too', async () => {
    refuse('chat.postMessage', 'msg_too_long', 1);

    const channel = slack.workspace.channel('ops').id;
    await writer.post({ channel, content: withButtons, id: 'O-2' });

    expectVerdict(trouble, slack.messages('ops').at(-1));
    expect(slack.messages('ops').at(-1)?.text).toContain('Cut short');
  });

  test('a short text whose blocks were too long is told whole', async () => {
    refuse('chat.update', 'msg_blocks_too_long', 1);
    const stands = await shown(before, { text: 'All is well.', blocks: [section('x'.repeat(3000))] });

    expect(stands?.text).toBe(
      'All is well. Cut short: Slack takes no more here. `/team history` and `/team why AGENT` say more.',
    );
  });

  test('the log says what could not be shown', async () => {
    refuse('chat.update', 'msg_too_long', 3);
    const stands = await shown(before, withButtons);

    expect(stands?.text).toBe('Draining.');
    expect(log.entries.at(-1)).toMatchObject({
      what: 'error an edit could not be made',
      data: { error: 'msg_too_long' },
    });
  });
});

describe('what concerns the whole is not cut off behind a list of 300 agents', () => {
  const ids = Array.from({ length: 300 }, (_, index): AgentId => `shop:${'_'.repeat(90)}${index}`);
  const of = operation(
    {},
    ids.map((id) => step(id, 'replace')),
  );
  const progress = progressOf(of, ...ids.map((id) => drained(id, killedResult)));
  const everywhere = ({ text, blocks }: MessageContent) => [
    outgoing({ text, blocks }, (same) => same).text,
    JSON.stringify(blocks),
  ];

  test.each<[string, MessageContent, RegExp]>([
    ['what went wrong in the end', card(of, progress, true, 'no room on disk'), /:x: no room on disk/],
    [
      'why the alert channel does not know',
      closingReply({
        operation: of,
        progress,
        finishedAt: now,
        untold: { kind: 'refused', words: 'not_in_channel' },
      }),
      /The alert channel could not be told: not.*in.*channel/,
    ],
    [
      'who asked',
      alertCard({
        operation: of,
        kills: advised(forcedKills(progress), [killedResult]),
        hostName: 'h',
        shownIn: 'C0',
      }),
      /Asked by <@U0ANA00000> in <#C0>/,
    ],
    [
      'how many more there are',
      alertCard({
        operation: of,
        kills: advised(forcedKills(progress), [killedResult]),
        hostName: 'h',
        shownIn: 'C0',
      }),
      /And 2\d\d more\./,
    ],
    [
      'how many more were killed',
      closingReply({ operation: of, progress, finishedAt: now }),
      /and 2\d\d more\./,
    ],
  ])('%s', (_what, content, words) => {
    for (const shown of everywhere(content)) expect(shown).toMatch(words);
  });
});
