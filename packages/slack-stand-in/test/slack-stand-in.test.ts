import { expect, test } from 'vitest';
import { startAppUnderTest } from './app-under-test.ts';

const question = [
  {
    type: 'actions',
    elements: [
      {
        type: 'button',
        text: { type: 'plain_text', text: 'Kill 2 agents' },
        style: 'danger',
        action_id: 'kill',
        value: 'op-1',
      },
    ],
  },
] as const;

test('a command is answered by a message that is edited in place, asked through a button and closed by its response_url', async () => {
  await using bot = await startAppUnderTest((app) => {
    app.command('/team', async ({ ack, client, command }) => {
      await ack();
      const posted = await client.chat.postMessage({
        channel: command.channel_id,
        text: `working on ${command.text}`,
      });
      await client.chat.update({
        channel: command.channel_id,
        ts: posted.ts ?? '',
        text: 'shall I?',
        blocks: [...question],
      });
    });
    app.action('kill', async ({ ack, respond }) => {
      await ack();
      await respond({ replace_original: true, text: 'killed' });
    });
  });
  const { slack } = bot;

  const outcome = await slack.slash('ana', '#ops', '/team down shop');
  const asked = await slack.waitForMessage(({ text }) => text === 'shall I?');
  const pressed = await slack.press('ana', asked, 'Kill 2 agents');
  const closed = await slack.waitForMessage(({ text }) => text === 'killed');

  expect(outcome.kind).toBe('acked');
  expect(pressed.kind).toBe('acked');
  expect(closed).toMatchObject({ ts: asked.ts, edits: 2, blocks: [] });
  expect(slack.log.map(({ method }) => method)).toEqual([
    'auth.test',
    'apps.connections.open',
    'chat.postMessage',
    'chat.update',
    'response_url',
  ]);
});
