import type { App, types } from '@slack/bolt';
import { describe, expect, onTestFinished, test } from 'vitest';
import { visit } from '../fakes/bot/visitor.ts';
import { chromiumForFile, withoutChromium } from '../fakes/chromium.ts';
import { until } from '../fakes/until.ts';
import { startPageUnderTest } from '../unit/sandbox/page-under-test.ts';

const plain = (text: string) => ({ type: 'plain_text', text }) as const;

const killNow: types.ActionsBlock = {
  type: 'actions',
  elements: [
    {
      type: 'button',
      text: plain('Kill now'),
      action_id: 'kill',
      value: 'O-1',
      style: 'danger',
      confirm: {
        title: plain('Kill shop:pay now?'),
        text: { type: 'mrkdwn', text: 'What it has not finished is *lost*.' },
        confirm: plain('Kill now'),
        deny: plain('Let it drain'),
        style: 'danger',
      },
    },
  ],
};

const modal: types.ModalView = {
  type: 'modal',
  callback_id: 'why',
  title: plain('Reload'),
  submit: plain('Go'),
  blocks: [
    {
      type: 'input',
      block_id: 'reason',
      label: plain('Why'),
      element: { type: 'plain_text_input', action_id: 'text' },
    },
  ],
};

function listen(app: App): void {
  app.command('/team', async ({ ack, client, command: { text, channel_id: channel, trigger_id } }) => {
    await ack();
    if (text === 'modal') await client.views.open({ trigger_id, view: modal });
    if (text === 'kill') await client.chat.postMessage({ channel, text: 'draining', blocks: [killNow] });
    if (text === 'lines') await client.chat.postMessage({ channel, text: 'line\n'.repeat(60) });
  });
  app.action('kill', async ({ ack, respond }) => {
    await ack();
    await respond({ replace_original: true, text: 'killed' });
  });
  app.view('why', async ({ ack, view }) => {
    const reason = view.state.values.reason?.text?.value;
    await (reason ? ack() : ack({ response_action: 'errors', errors: { reason: 'Say why.' } }));
  });
}

describe.skipIf(withoutChromium.skip)(`the page in a browser${withoutChromium.reason}`, () => {
  const browser = chromiumForFile();

  async function startPage() {
    const page = await startPageUnderTest(listen);
    onTestFinished(() => page[Symbol.asyncDispose]());
    return page;
  }

  test('a button with a dialog asks first: to leave it is to say no, and the app hears of a yes alone', async () => {
    const { origin, slack } = await startPage();
    const { page, type, message, picture } = await visit(browser(), origin);
    await type('/team kill');
    const kill = message('Kill now').getByRole('button', { name: 'Kill now' });
    const dialog = page.getByRole('dialog', { name: 'Confirm' });

    await kill.click();
    await dialog.getByText('What it has not finished is lost.').waitFor();
    await picture('confirm');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    expect(slack.log.filter(({ method }) => method === 'response_url')).toEqual([]);
    await kill.click();
    await dialog.getByRole('button', { name: 'Kill now' }).click();

    await message('killed').waitFor();
  });

  test('a modal shows what the app finds wrong with it, and closes when nothing is', async () => {
    const { origin } = await startPage();
    const { page, type } = await visit(browser(), origin);
    await type('/team modal');
    const dialog = page.locator('#modal');

    await dialog.getByRole('button', { name: 'Go' }).click();
    await dialog.getByText('Say why.').waitFor();
    await dialog.getByLabel('Why').fill('a new model');
    await dialog.getByRole('button', { name: 'Go' }).click();

    await dialog.waitFor({ state: 'hidden' });
  });

  test('a command is written with the keyboard alone: completed, hinted at, sent, called back', async () => {
    const { origin, slack } = await startPage();
    const { page } = await visit(browser(), origin);
    const box = page.locator('#composer-text');
    const { keyboard } = page;
    const reads = (text: string) =>
      until(`the box reads "${text}"`, async () => (await box.inputValue()) === text);

    await keyboard.press('/');
    await page.locator('#completions [role=option]').waitFor();
    await keyboard.press('Tab');
    await reads('/team ');
    await keyboard.type('dra');
    await keyboard.press('Enter');
    await reads('/team drain ');
    await page.getByText('/team drain project[:agent] [45s]').waitFor();
    await keyboard.press('ArrowDown');
    await keyboard.press('ArrowDown');
    await keyboard.press('Enter');
    await reads('/team drain shop:pay ');
    await keyboard.press('Enter');
    await reads('');
    await keyboard.press('ArrowUp');
    await reads('/team drain shop:pay');

    expect(slack.sockets).toHaveLength(1);
  });

  test('in a thread one can say something, but give no command', async () => {
    const { origin, slack } = await startPage();
    const { page, type, message } = await visit(browser(), origin);
    await type('hello *all*');
    await message('hello all').hover();
    await message('hello all').getByRole('button', { name: 'Reply in thread' }).click();
    const reply = page.getByRole('textbox', { name: 'Reply' });

    await reply.fill('/team status');
    await reply.press('Enter');
    await page.getByText('/team is not supported in threads').waitFor();
    await reply.fill('and good bye');
    await reply.press('Enter');

    await page.locator('#thread-list').getByText('and good bye').waitFor();
    await message('hello all').getByRole('button', { name: '1 reply' }).waitFor();
    expect(slack.messages('ops')).toHaveLength(1);
  });

  test('what comes while one reads further up is announced, not scrolled to', async () => {
    const { origin, slack } = await startPage();
    const { page, type, message } = await visit(browser(), origin);
    await type('/team lines');
    await message('line').waitFor();
    const scrolled = () => page.evaluate("document.querySelector('#messages').scrollTop");
    await page.locator('#messages').press('Home');
    await until('the top is in sight', async () => (await scrolled()) === 0);

    slack.say('bo', 'ops', 'news');
    await page.getByRole('button', { name: 'New messages' }).click();

    await until('the end is in sight', async () => Number(await scrolled()) > 100);
    await message('news').waitFor();
    await page.getByRole('button', { name: 'New messages' }).waitFor({ state: 'hidden' });
  });

  test('what comes in another channel is counted there until one looks', async () => {
    const { origin, slack } = await startPage();
    const { page, goTo, message } = await visit(browser(), origin);

    slack.say('bo', 'alerts', 'fire');
    slack.say('bo', 'alerts', 'and water');
    await page.locator('#channels .unread', { hasText: 'alerts' }).getByText('2').waitFor();
    expect(await page.title()).toBe('(2) Muster sandbox');
    await goTo('alerts');

    await message('and water').waitFor();
    expect(await page.title()).toBe('Muster sandbox');
  });
});
