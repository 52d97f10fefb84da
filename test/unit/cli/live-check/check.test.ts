import { type types, webApi } from '@slack/bolt';
import { expect, onTestFinished, test } from 'vitest';
import {
  type SlackStandIn,
  startSlackStandIn,
} from '../../../../packages/slack-stand-in/src/slack-stand-in.ts';
import { checkLive, isRefused, removePosted, trialLines } from '../../../../src/cli/live-check/check.ts';
import { createLog } from '../../../../src/log/log.ts';
import { everyCard } from '../../../../src/slack/cards/samples/every-card.ts';
import type { SampleCards } from '../../../../src/slack/cards/samples/sample-card.ts';
import { replyCards } from '../../../../src/slack/cards/samples/told-cards.ts';
import { clientOptions } from '../../../../src/slack/connection/web-client.ts';
import { section } from '../../../../src/slack/markup/blocks.ts';
import { messagesOf } from '../../../../src/slack/outbox/messages.ts';

const channel = 'C0OPS000000';
const log = createLog({ level: 'error', redact: (text) => text, write: () => undefined });

async function slackForTest(): Promise<SlackStandIn> {
  const slack = await startSlackStandIn();
  onTestFinished(() => slack.close());
  return slack;
}

function howIn(slack: SlackStandIn, signal = new AbortController().signal) {
  const client = new webApi.WebClient(slack.botToken, clientOptions(slack.apiUrl, log));
  return { client, channel, spacingMs: 0, tell: () => undefined, signal };
}

function check(slack: SlackStandIn, cards: SampleCards, signal?: AbortSignal) {
  const how = howIn(slack, signal);
  const messages = messagesOf(how.client, (text) => text);
  return checkLive({ ...how, cards, messages, botUser: 'U0MUSTERBOT', run: '1' });
}

const two = { calm: { text: 'calm', blocks: [section('calm')] }, other: { text: 'other', blocks: [] } };

test('every card is posted and edited once, receipts and closing words in the thread, and nothing is left to come', async () => {
  const slack = await slackForTest();

  const { trials, posted } = await check(slack, everyCard());

  expect(trials.filter(isRefused)).toEqual([]);
  expect(trials.map(({ name }) => name)).toEqual([
    'heading',
    ...Object.keys(everyCard()),
    'history',
    'thread',
    'later',
  ]);
  const [head = ''] = posted;
  const replies = slack.thread(head).slice(1);
  const cards = [...slack.messages('ops').slice(1), ...replies];
  expect(cards.map(({ edits }) => edits)).toEqual(Object.keys(everyCard()).map(() => 1));
  expect(replies).toHaveLength(Object.keys(replyCards()).length);
  slack.passTime(3_600_000);
  expect(slack.messages('ops')).toHaveLength(posted.length - replies.length);
});

test('nobody is pinged, and no button is one that Muster knows', async () => {
  const slack = await slackForTest();

  await check(slack, everyCard());

  const sent = slack.log
    .filter(({ method }) => method === 'chat.postMessage')
    .map(({ args }) => String(args.blocks));
  expect(sent.join()).not.toMatch(/<@U0(ANA|BO)/);
  expect(sent.join()).toContain('<@U0MUSTERBOT>');
  const actions = sent.join().match(/"action_id":"[^"]*"/g) ?? [];
  expect(actions.length).toBeGreaterThan(20);
  expect(actions.filter((action) => !action.startsWith('"action_id":"live_check_'))).toEqual([]);
});

test('a card that Slack does not take is named with the block, and the others go on', async () => {
  const slack = await slackForTest();
  const tooLong: types.SectionBlock = {
    type: 'section',
    text: { type: 'mrkdwn', text: 'x'.repeat(3001) },
  };
  const broken = { text: 'x', blocks: [section('fine'), tooLong] };

  const { trials } = await check(slack, { broken, ...two });

  const [refused] = trials.filter(isRefused);
  expect(trialLines(refused ?? { name: '', parts: [] }, 8)).toEqual([
    '  ✗ broken    post REFUSED',
    expect.stringMatching(
      /^ +→ post: block 2 of 2 \(section\): invalid_blocks; \[ERROR\] must be less than 3001/,
    ),
  ]);
  expect(trials.filter(isRefused)).toHaveLength(1);
  expect(trials.map(({ name }) => name)).toContain('other');
});

test('a refused edit, a history that cannot be read, and a message that cannot be scheduled are told apart', async () => {
  const slack = await slackForTest();
  slack.faults.add({ kind: 'refused', error: 'edit_window_closed', method: 'chat.update', times: 1 });
  slack.faults.add({ kind: 'refused', error: 'time_too_far', method: 'chat.scheduleMessage' });
  slack.scopes.delete('channels:history');

  const { trials } = await check(slack, two);

  expect(trials.filter(isRefused)).toEqual([
    { name: 'calm', parts: [{ deed: 'post' }, { deed: 'edit', trouble: 'edit_window_closed' }] },
    { name: 'history', parts: [{ deed: 'look up', trouble: 'missing_scope' }] },
    { name: 'later', parts: [{ deed: 'schedule', trouble: 'time_too_far' }] },
  ]);
});

test('when Slack asks to wait it is asked again', async () => {
  const slack = await slackForTest();
  slack.faults.add({ kind: 'rate-limited', retryAfterSeconds: 0, method: 'chat.postMessage', times: 2 });

  const { trials } = await check(slack, two);

  expect(trials.filter(isRefused)).toEqual([]);
});

test('where nothing can be posted, nothing more is tried', async () => {
  const slack = await slackForTest();
  slack.faults.add({ kind: 'refused', error: 'is_archived', method: 'chat.postMessage' });

  const { trials, posted } = await check(slack, two);

  expect(trials).toEqual([{ name: 'heading', parts: [{ deed: 'post', trouble: 'is_archived' }] }]);
  expect(posted).toEqual([]);
});

test('what was posted is removed, and what cannot be is named', async () => {
  const slack = await slackForTest();
  const { posted } = await check(slack, two);
  slack.faults.add({ kind: 'refused', error: 'cant_delete_message', method: 'chat.delete', times: 1 });

  const first = await removePosted(howIn(slack), posted);
  const second = await removePosted(howIn(slack), posted.slice(-1));

  expect(first.parts).toEqual([{ deed: 'delete', trouble: `${posted.at(-1)}: cant_delete_message` }]);
  expect(second.parts).toEqual([{ deed: 'delete' }]);
  expect(slack.messages('ops')).toEqual([]);
});

test('cut short, it posts no more', async () => {
  const slack = await slackForTest();
  const stopping = new AbortController();
  stopping.abort();

  const { posted } = await check(slack, two, stopping.signal);

  expect(posted).toHaveLength(1);
});
