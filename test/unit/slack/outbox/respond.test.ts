import { RespondError, type RespondFn } from '@slack/bolt';
import { expect, test } from 'vitest';
import { actions, section } from '../../../../src/slack/markup/blocks.ts';
import { respondOnce } from '../../../../src/slack/outbox/respond.ts';
import { keptLog, silentLog } from '../slack-under-test.ts';

const hello = { text: 'hello', blocks: [], replace_original: false };

/** Answers with these statuses, one after the other. */
function slackSays(...statuses: number[]) {
  const sent: unknown[] = [];
  const respond: RespondFn = async (message) => {
    const status = statuses[sent.length] ?? 200;
    sent.push(message);
    if (status !== 200) throw new RespondError(`status ${status}`, status);
    return new Response();
  };
  return { respond, sent, asked: () => sent.length };
}

test('an answer that only the asker sees waits as long as Slack asks it to', async () => {
  const { respond, asked } = slackSays(429, 429);

  await respondOnce(respond, hello, silentLog, 1);

  expect(asked()).toBe(3);
});

test('an answer that may have arrived is not given a second time, and no word follows that it failed', async () => {
  const { respond, asked } = slackSays(500);

  await respondOnce(respond, hello, silentLog, 1);

  expect(asked()).toBe(1);
});

test('an answer that Slack refuses fails', async () => {
  const { respond } = slackSays(400);

  await expect(respondOnce(respond, hello, silentLog, 1)).rejects.toThrow('status 400');
});

test('an answer whose blocks Slack does not take is given as text, and the log says which they were', async () => {
  const { respond, sent } = slackSays(400);
  const log = keptLog();
  const answer = { ...hello, blocks: [section('hello'), actions([])] };

  await respondOnce(respond, answer, log, 1);

  expect(sent).toEqual([answer, hello]);
  expect(log.entries).toMatchObject([{ data: { blocks: 'section actions' } }]);
});

test('an answer for which Slack asks to wait for too long is given up', async () => {
  const { respond, asked } = slackSays(429);

  await expect(respondOnce(respond, hello, silentLog, 60_000)).rejects.toThrow('status 429');
  expect(asked()).toBe(1);
});
