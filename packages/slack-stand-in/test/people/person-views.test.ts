import type { App, types } from '@slack/bolt';
import { expect, test } from 'vitest';
import { startAppUnderTest } from '../app-under-test.ts';

const modal: types.ModalView = {
  type: 'modal',
  callback_id: 'why',
  title: { type: 'plain_text', text: 'Reload' },
  submit: { type: 'plain_text', text: 'Go' },
  blocks: [
    {
      type: 'input',
      block_id: 'reason',
      label: { type: 'plain_text', text: 'Why' },
      element: { type: 'plain_text_input', action_id: 'text' },
    },
  ],
};

function opening(app: App): void {
  app.command('/team', async ({ ack, client, command }) => {
    await ack();
    await client.views.open({ trigger_id: command.trigger_id, view: modal });
  });
  app.view('why', async ({ ack, view }) => {
    const reason = view.state.values.reason?.text?.value;
    await (reason ? ack() : ack({ response_action: 'errors', errors: { reason: 'say why' } }));
  });
}

test('a modal opens by its trigger, stays while the app finds errors in it, and closes when all is well', async () => {
  await using bot = await startAppUnderTest(opening);
  const shown = new Promise((resolve) => bot.slack.events.once('view', resolve));

  await bot.slack.slash('ana', 'ops', '/team');
  await shown;
  const empty = await bot.slack.submitView('ana');
  const stillOpen = bot.slack.openModal('ana');
  const filled = await bot.slack.submitView('ana', { reason: 'new model' });

  expect(empty).toEqual({ kind: 'rejected', errors: { reason: 'say why' } });
  expect(stillOpen?.view).toMatchObject({ callback_id: 'why' });
  expect(filled).toEqual({ kind: 'closed' });
  expect(bot.slack.openModal('ana')).toBeUndefined();
});

test('a trigger opens one view', async () => {
  const errors: unknown[] = [];
  await using bot = await startAppUnderTest((app) =>
    app.command('/team', async ({ ack, client, command }) => {
      await client.views.open({ trigger_id: command.trigger_id, view: modal });
      await client.views
        .open({ trigger_id: command.trigger_id, view: modal })
        .catch((error: Error) => errors.push(error.message));
      await ack();
    }),
  );

  await bot.slack.slash('ana', 'ops', '/team');

  expect(errors).toEqual(['An API error occurred: exchanged_trigger_id']);
});

test('the Home tab is published when the person opens it', async () => {
  await using bot = await startAppUnderTest((app) =>
    app.event('app_home_opened', async ({ client, event }) => {
      const text = { type: 'mrkdwn', text: 'all is well' } as const;
      await client.views.publish({
        user_id: event.user,
        view: { type: 'home', blocks: [{ type: 'section', text }] },
      });
    }),
  );
  const shown = new Promise((resolve) => bot.slack.events.once('view', resolve));

  await bot.slack.openHome('ana');
  await shown;

  expect(bot.slack.homeTab('ana')?.view.blocks).toMatchObject([{ text: { text: 'all is well' } }]);
});
