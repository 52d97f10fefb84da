import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { createFaults } from '../src/faults.ts';
import { startSlackStandIn } from '../src/slack-stand-in.ts';
import { startAppUnderTest } from './app-under-test.ts';

const ops = 'C0OPS000000';

test.each([
  ['times', { times: 2 }, [true, true, false, false]],
  ['every', { every: 2 }, [false, true, false, true]],
  ['every, so many times', { every: 2, times: 1 }, [false, true, false, false]],
  ['probability 0', { probability: 0 }, [false, false, false, false]],
  ['always', {}, [true, true, true, true]],
])('a fault strikes as often as asked: %s', (_name, frequency, expected) => {
  const faults = createFaults([{ kind: 'slow', delayMs: 1, ...frequency }]);

  expect([1, 2, 3, 4].map(() => faults.onCall('chat.update') !== undefined)).toEqual(expected);
});

describe('the Web API fails on request', () => {
  test('a rate limit comes before the call has any effect, and says when to come back', async () => {
    await using bot = await startAppUnderTest();
    bot.slack.faults.add({
      kind: 'rate-limited',
      method: 'chat.postMessage',
      retryAfterSeconds: 7,
      times: 1,
    });
    const post = () => bot.app.client.chat.postMessage({ channel: ops, text: 'hello' });

    await expect(post()).rejects.toMatchObject({ retryAfter: 7 });
    expect(bot.slack.messages(ops)).toEqual([]);
    await post();
    expect(bot.slack.messages(ops)).toHaveLength(1);
  });

  test('a server error can come after the message was accepted, and the retry posts it again', async () => {
    await using bot = await startAppUnderTest();
    bot.slack.faults.add({ kind: 'server-error', method: 'chat.postMessage', accepted: true, times: 1 });

    await bot.app.client.chat.postMessage({ channel: ops, text: 'hello' });

    expect(bot.slack.messages(ops).map(({ text }) => text)).toEqual(['hello', 'hello']);
    expect(bot.slack.log.slice(-2).map(({ status }) => status)).toEqual([500, 200]);
  });

  test('an answer can hang for ever', async () => {
    await using bot = await startAppUnderTest();
    const end = bot.slack.faults.add({ kind: 'hang', method: 'chat.postMessage', accepted: true });

    await expect(bot.app.client.chat.postMessage({ channel: ops, text: 'hello' })).rejects.toThrow('timeout');
    expect(bot.slack.messages(ops).length).toBeGreaterThan(0);
    end();
    await bot.app.client.chat.postMessage({ channel: ops, text: 'hello' });
  });

  test('any refusal can be had, and a response_url fails like a method', async () => {
    await using bot = await startAppUnderTest((app) =>
      app.command('/team', async ({ ack, respond }) => {
        await ack();
        await respond('hello').catch((error: Error) => heard.resolve(error));
      }),
    );
    const heard = Promise.withResolvers<Error>();
    bot.slack.faults.add({ kind: 'refused', method: 'chat.postMessage', error: 'is_archived' });
    bot.slack.faults.add({ kind: 'server-error', method: 'response_url', accepted: false });

    await expect(bot.app.client.chat.postMessage({ channel: ops, text: 'x' })).rejects.toThrow('is_archived');
    await bot.slack.slash('ana', 'ops', '/team');
    expect(await heard.promise).toMatchObject({ statusCode: 500 });
  });
});

describe('connections fail on request', () => {
  const counting =
    (heard: string[]) => (app: Parameters<Parameters<typeof startAppUnderTest>[0] & object>[0]) =>
      app.command('/team', async ({ ack, command }) => {
        heard.push(command.text);
        await ack();
      });

  test('an envelope can come twice, and nobody takes the second away', async () => {
    const heard: string[] = [];
    await using bot = await startAppUnderTest(counting(heard), {
      faults: [{ kind: 'duplicate-envelope', times: 1 }],
    });
    const acks: string[] = [];
    const both = new Promise<void>((resolve) => {
      bot.slack.events.on('ack', ({ verdict }) => {
        if (acks.push(verdict) === 2) resolve();
      });
    });

    await bot.slack.slash('ana', 'ops', '/team status');
    await both;

    expect(heard).toEqual(['status', 'status']);
    expect(acks).toEqual(['in time', 'repeated']);
  });

  test('the connection can be cut under an envelope', async () => {
    await using bot = await startAppUnderTest(
      (app) => app.command('/team', () => new Promise(() => undefined)),
      { faults: [{ kind: 'cut-after-envelope' }], ackTimeoutMs: 50 },
    );

    const outcome = await bot.slack.slash('ana', 'ops', '/team');

    expect(outcome).toEqual({ kind: 'failed', error: 'operation_timeout' });
    expect(bot.slack.sockets).toHaveLength(0);
  });

  test('a refresh asks the app to leave, and the app does', async () => {
    await using bot = await startAppUnderTest();

    bot.slack.sockets[0]?.disconnect('refresh_requested');

    await bot.slack.waitForSockets((open) => open === 0);
  });
});

describe('Socket Mode', () => {
  async function connect(
    apiUrl: string,
    token: string,
  ): Promise<{ socket: WebSocket; url: string; hello: Record<string, unknown> }> {
    const answer = await fetch(`${apiUrl}apps.connections.open`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
    });
    const { url } = (await answer.json()) as { url: string };
    const socket = new WebSocket(url);
    const [frame] = await once(socket, 'message');
    return { socket, url, hello: JSON.parse(String(frame)) };
  }

  test('greets each connection with how many there are, takes a ticket once, and shares envelopes out in turn', async () => {
    const slack = await startSlackStandIn();
    const heard: string[] = [];
    const connections = [
      await connect(slack.apiUrl, slack.appToken),
      await connect(slack.apiUrl, slack.appToken),
    ];
    for (const [index, { socket }] of connections.entries()) {
      socket.on('message', (frame) => {
        const envelope = JSON.parse(String(frame));
        heard.push(`${index}: ${envelope.payload.text}`);
        socket.send(JSON.stringify({ envelope_id: envelope.envelope_id, payload: {} }));
      });
    }

    for (const text of ['a', 'b', 'c', 'd']) await slack.slash('ana', 'ops', `/team ${text}`);
    const again = new WebSocket(connections[0]?.url ?? '');
    const [refused] = await once(again, 'error');
    await slack.close();

    expect(connections.map(({ hello }) => hello)).toMatchObject([
      { type: 'hello', num_connections: 1, connection_info: { app_id: slack.workspace.appId } },
      { type: 'hello', num_connections: 2 },
    ]);
    expect(heard.map((line) => line.slice(3))).toEqual(['a', 'b', 'c', 'd']);
    expect(heard.filter((line) => line.startsWith('0'))).toHaveLength(2);
    expect(String(refused)).toContain('401');
  });

  test('can leave the TCP side of a closed connection open; it counts no more all the same', async () => {
    const slack = await startSlackStandIn({ faults: [{ kind: 'lingering-close' }], ackTimeoutMs: 5 });
    const { socket } = await connect(slack.apiUrl, slack.appToken);

    socket.close();
    await expect.poll(() => slack.sockets.length, { interval: 5 }).toBe(0);
    const { hello } = await connect(slack.apiUrl, slack.appToken);

    expect(hello).toMatchObject({ num_connections: 1 });
    expect(socket.readyState).toBe(WebSocket.CLOSING);
    await slack.close();
    await once(socket, 'close');
  });

  test('answers pings, and closes on a frame that is no acknowledgement', async () => {
    const slack = await startSlackStandIn();
    const { socket } = await connect(slack.apiUrl, slack.appToken);

    socket.ping();
    await once(socket, 'pong');
    socket.send('not json');
    const [code] = await once(socket, 'close');
    await slack.close();

    expect(code).toBe(1003);
  });
});
