import type { App, types } from '@slack/bolt';
import { describe, expect, test } from 'vitest';
import { startAppUnderTest } from '../app-under-test.ts';

const button = (label: string, more: Partial<types.Button> = {}): types.Button => ({
  type: 'button',
  text: { type: 'plain_text', text: label },
  action_id: label.toLowerCase(),
  ...more,
});
const actions = (...elements: types.Button[]): types.KnownBlock[] => [{ type: 'actions', elements }];
const ops = 'C0OPS000000';

function acking(
  answer: Parameters<Parameters<Parameters<App['command']>[1]>[0]['ack']>[0],
): (app: App) => void {
  return (app) => app.command('/team', ({ ack }) => ack(answer));
}

describe('a command', () => {
  test('is answered to the person alone unless the answer says in_channel', async () => {
    await using quiet = await startAppUnderTest(acking('for you'));
    await using loud = await startAppUnderTest(acking({ response_type: 'in_channel', text: 'for all' }));

    await quiet.slack.slash('ana', '#ops', '/team status');
    await loud.slack.slash('ana', '#ops', '/team status');

    expect(quiet.slack.messages('ops', 'ana').map(({ text }) => text)).toEqual(['for you']);
    expect(quiet.slack.messages('ops', 'bo')).toEqual([]);
    expect(loud.slack.messages('ops', 'bo').map(({ text }) => text)).toEqual(['/team status', 'for all']);
  });

  test('times out when nobody acknowledges it, and the late acknowledgement has no effect', async () => {
    const gate = Promise.withResolvers<void>();
    await using bot = await startAppUnderTest(
      (app) =>
        app.command('/team', async ({ ack }) => {
          await gate.promise;
          await ack('too late');
        }),
      { ackTimeoutMs: 20 },
    );
    const acked = new Promise((resolve) => bot.slack.events.once('ack', resolve));

    const outcome = await bot.slack.slash('ana', '#ops', '/team status');
    gate.resolve();

    expect(outcome).toEqual({ kind: 'failed', error: 'operation_timeout' });
    expect(await acked).toMatchObject({ verdict: 'late' });
    expect(bot.slack.messages('ops', 'ana').map(({ text }) => text)).toEqual([
      '/team failed with the error "operation_timeout"',
    ]);
  });

  test('fails when no app is connected, is unknown, or is answered with what Slack refuses', async () => {
    await using bot = await startAppUnderTest(acking({ blocks: [{ type: 'tabel' }] }));

    expect(await bot.slack.slash('ana', 'ops', '/tem')).toEqual({ kind: 'failed', error: 'unknown_command' });
    expect(await bot.slack.slash('ana', 'ops', '/team')).toEqual({
      kind: 'failed',
      error: 'invalid_command_response',
    });
    await bot.app.stop();
    await bot.slack.waitForSockets((open) => open === 0);
    expect(await bot.slack.slash('ana', 'ops', '/team')).toEqual({
      kind: 'failed',
      error: 'dispatch_failed',
    });
  });

  test('brings people, groups, channels and links as references, and everything else escaped', async () => {
    const heard: string[] = [];
    await using bot = await startAppUnderTest((app) =>
      app.command('/team', ({ ack, command }) => {
        heard.push(command.text);
        return ack();
      }),
    );

    await bot.slack.slash(
      'ana',
      'ops',
      '/team  why @bo @oncall #ops @nobody https://a.example <!channel> a&b',
    );

    expect(heard).toEqual([
      'why <@U0BO0000000|bo> <!subteam^S0ONCALL000|@oncall> <#C0OPS000000|ops> @nobody <https://a.example> &lt;!channel&gt; a&amp;b',
    ]);
  });

  test('says which workspace the person belongs to', async () => {
    const heard: string[] = [];
    await using bot = await startAppUnderTest((app) =>
      app.command('/team', ({ ack, command }) => {
        heard.push(command.team_id);
        return ack();
      }),
    );

    await bot.slack.slash('eve', 'ops', '/team');

    expect(heard).toEqual(['T0ELSEWHERE']);
  });
});

test('what a person wrote is not the app’s to change', async () => {
  await using bot = await startAppUnderTest(acking({ response_type: 'in_channel' }));
  await bot.slack.slash('ana', 'ops', '/team status');
  const [typed] = bot.slack.messages('ops');
  const theirs = { channel: ops, ts: typed?.ts ?? '' };

  await expect(bot.app.client.chat.update({ ...theirs, text: 'x' })).rejects.toThrow('cant_update_message');
  await expect(bot.app.client.chat.delete(theirs)).rejects.toThrow('cant_delete_message');
});

describe('a button', () => {
  const dialog = { text: { type: 'plain_text', text: 'Sure?' } } as const;

  async function startWithButtons(options = {}) {
    const presses: unknown[] = [];
    const bot = await startAppUnderTest((app) => {
      app.action(/.*/, async ({ ack, body, respond }) => {
        presses.push(body);
        await ack();
        await respond({ replace_original: true, text: 'pressed' });
      });
    }, options);
    const post = async (...elements: types.Button[]) => {
      const { ts = '' } = await bot.app.client.chat.postMessage({
        channel: ops,
        text: 'x',
        blocks: actions(...elements),
      });
      return ts;
    };
    return { ...bot, bot, presses, post, [Symbol.asyncDispose]: () => bot[Symbol.asyncDispose]() };
  }

  test('is pressed by label, action id or value, and reaches the app with its message', async () => {
    await using world = await startWithButtons();
    const ts = await world.post(button('Kill', { value: 'op-1' }));

    await world.slack.press('bo', ts, 'op-1');

    expect(world.presses).toMatchObject([
      {
        type: 'block_actions',
        user: { id: 'U0BO0000000' },
        container: { message_ts: ts, channel_id: ops, is_ephemeral: false },
        message: { ts, text: 'x' },
        actions: [{ action_id: 'kill', value: 'op-1', type: 'button' }],
      },
    ]);
  });

  test('can’t be pressed once an edit took it away', async () => {
    await using world = await startWithButtons();
    const ts = await world.post(button('Kill'));
    await world.slack.press('ana', ts, 'Kill');
    await world.slack.waitForMessage(({ text }) => text === 'pressed');

    await expect(world.slack.press('ana', ts, 'Kill')).rejects.toThrow(
      'has no button "Kill"; its buttons: none',
    );
  });

  test('asks first when it has a dialog, and a no stays with the person', async () => {
    await using world = await startWithButtons();
    const ts = await world.post(button('Kill', { confirm: dialog }));

    await expect(world.slack.press('ana', ts, 'Kill')).rejects.toThrow('"Kill" asks first: "Sure?"');
    const denied = await world.slack.press('ana', ts, 'Kill', { confirm: 'deny' });
    const accepted = await world.slack.press('ana', ts, 'Kill', { confirm: 'accept' });

    expect(denied).toEqual({
      kind: 'denied',
      dialog: { title: 'Are you sure?', text: 'Sure?', confirm: 'Yes', deny: 'No' },
    });
    expect(accepted.kind).toBe('acked');
    expect(world.presses).toHaveLength(1);
  });

  test('in somebody else’s ephemeral message, or another’s channel, is out of reach', async () => {
    await using world = await startWithButtons({ channels: [{ name: 'ops', members: ['ana', 'bo'] }] });
    const { message_ts: ts = '' } = await world.app.client.chat.postEphemeral({
      channel: ops,
      user: 'U0ANA000000',
      text: 'x',
      blocks: actions(button('Mine')),
    });

    await expect(world.slack.press('bo', ts, 'Mine')).rejects.toThrow('only ana can');
    await expect(world.slack.slash('eve', 'ops', '/team')).rejects.toThrow("eve isn't in #ops");
    expect((await world.slack.press('ana', ts, 'Mine')).kind).toBe('acked');
    const replaced = await world.slack.waitForMessage(({ text }) => text === 'pressed');
    expect(replaced).toMatchObject({ ts, onlyVisibleTo: 'U0ANA000000' });
  });
});

test('a response_url is good for five answers, and for none once it has expired', async () => {
  const urls: string[] = [];
  await using bot = await startAppUnderTest((app) =>
    app.command('/team', ({ ack, command }) => {
      urls.push(command.response_url);
      return ack();
    }),
  );
  const answer = async (url = '', body: object = { text: 'hi' }) =>
    (
      await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
    ).status;
  await bot.slack.slash('ana', 'ops', '/team');
  await bot.slack.slash('ana', 'ops', '/team');

  const statuses = [];
  for (let use = 1; use <= 6; use += 1) statuses.push(await answer(urls[0]));
  expect(statuses).toEqual([200, 200, 200, 200, 200, 404]);
  expect(bot.slack.messages('ops', 'ana')).toHaveLength(5);

  expect(await answer(urls[1], { text: 'public', response_type: 'in_channel' })).toBe(200);
  expect(await answer(urls[1], { text: 'still public', replace_original: true })).toBe(200);
  expect(await answer(urls[1], { blocks: [{ type: 'nothing' }] })).toBe(400);
  expect(bot.slack.messages('ops', 'bo').map(({ text }) => text)).toEqual(['still public']);
  expect(await answer(urls[1], { delete_original: true })).toBe(200);
  expect(bot.slack.messages('ops', 'bo')).toEqual([]);
  bot.slack.expireResponseUrls();
  expect(await answer(urls[1])).toBe(404);
});

test('waiting in vain tells what was there instead', async () => {
  await using bot = await startAppUnderTest();
  await bot.app.client.chat.postMessage({ channel: ops, text: 'something else' });

  await expect(bot.slack.waitForMessage(({ text }) => text === 'this', { timeoutMs: 5 })).rejects.toThrow(
    /no such message within 5 ms[\s\S]*something else/,
  );
});
