import { RespondError, type RespondFn } from '@slack/bolt';
import { expect, test } from 'vitest';
import { respondOnce } from '../../../src/slack/respond.ts';
import { silentLog } from './slack-under-test.ts';

/** Answers with these statuses, one after the other. */
function slackSays(...statuses: number[]): { readonly respond: RespondFn; readonly asked: () => number } {
  let asked = 0;
  return {
    async respond() {
      const status = statuses[asked++] ?? 200;
      if (status !== 200) throw new RespondError(`status ${status}`, status);
      return new Response();
    },
    asked: () => asked,
  };
}

test('an answer that only the asker sees waits as long as Slack asks it to', async () => {
  const { respond, asked } = slackSays(429, 429);

  await respondOnce(respond, { text: 'hello' }, silentLog, 1);

  expect(asked()).toBe(3);
});

test('an answer that may have arrived is not given a second time, and no word follows that it failed', async () => {
  const { respond, asked } = slackSays(500);

  await respondOnce(respond, { text: 'hello' }, silentLog, 1);

  expect(asked()).toBe(1);
});

test('an answer that Slack refuses fails', async () => {
  const { respond } = slackSays(400);

  await expect(respondOnce(respond, { text: 'hello' }, silentLog, 1)).rejects.toThrow('status 400');
});

test('an answer for which Slack asks to wait for too long is given up', async () => {
  const { respond, asked } = slackSays(429);

  await expect(respondOnce(respond, { text: 'hello' }, silentLog, 60_000)).rejects.toThrow('status 429');
  expect(asked()).toBe(1);
});
