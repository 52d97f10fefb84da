import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { App } from '@slack/bolt';
import { describe, expect, test, vi } from 'vitest';
import { WebSocketServer } from 'ws';
import {
  type SlackStandIn,
  startSlackStandIn,
} from '../../../../packages/slack-stand-in/src/slack-stand-in.ts';
import { type ConnectionOptions, createConnection } from '../../../../src/slack/connection/connection.ts';
import { until } from '../../../fakes/until.ts';
import { keptLog } from '../slack-under-test.ts';

/** A connection of an app that acks every command, and the Slack it is connected to. */
async function connected(
  slack: SlackStandIn,
  options: Partial<Pick<ConnectionOptions, 'lostAfterMs' | 'recountMs'>> = {},
) {
  const log = keptLog();
  const onRefused = vi.fn();
  const onLost = vi.fn();
  const receiver = createConnection({
    appToken: slack.appToken,
    apiUrl: slack.apiUrl,
    log,
    onRefused,
    onLost,
    firstRetryMs: 5,
    ...options,
  });
  const app = new App({
    token: slack.botToken,
    receiver,
    clientOptions: { slackApiUrl: slack.apiUrl },
    logger: { ...log, setLevel: () => undefined, setName: () => undefined, getLevel: () => 'error' as never },
    deferInitialization: true,
  });
  app.command(/.*/, ({ ack }) => ack());
  await app.init();
  await app.start();
  return {
    receiver,
    log,
    onRefused,
    onLost,
    async [Symbol.asyncDispose]() {
      await receiver.stop();
      await slack.close();
    },
  };
}

const opened = (log: ReturnType<typeof keptLog>) =>
  log.entries.filter(({ what }) => what === 'info socket opened').length;

/** A Slack that opens sockets and says nothing on them but these frames. */
async function startSilentSlack(frames: (socket: number) => readonly object[] = () => []) {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ ok: true, url: `ws://127.0.0.1:${port()}/link` }));
  });
  const sockets = new WebSocketServer({ server });
  let count = 0;
  sockets.on('connection', (socket) => {
    count += 1;
    for (const frame of frames(count)) socket.send(JSON.stringify(frame));
  });
  const port = () => (server.address() as AddressInfo).port;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    apiUrl: `http://127.0.0.1:${port()}/api/`,
    sockets: sockets.clients,
    close: () => {
      sockets.close();
      server.closeAllConnections();
      server.close();
    },
  };
}

/** A connection that is not open yet. */
function waitingFor(
  slack: Awaited<ReturnType<typeof startSilentSlack>>,
  options: Partial<ConnectionOptions> = {},
) {
  const log = keptLog();
  const receiver = createConnection({
    appToken: 'xapp-1',
    apiUrl: slack.apiUrl,
    log,
    onRefused: vi.fn(),
    onLost: vi.fn(),
    firstRetryMs: 5,
    ...options,
  });
  receiver.init(new App({ token: 'xoxb-1', receiver, deferInitialization: true }));
  return {
    receiver,
    /** What has kept it from being open, each time. */
    whyNot: () =>
      log.entries
        .filter(({ what }) => what === 'warn socket could not be opened')
        .map(({ data }) => data.error),
    async [Symbol.asyncDispose]() {
      await receiver.stop();
      slack.close();
    },
  };
}

describe('the connection', () => {
  test('does not wait for ever for a hello, and leaves no socket behind', async () => {
    const slack = await startSilentSlack();
    await using waiting = waitingFor(slack, { helloWithinMs: 100 });

    const started = waiting.receiver.start();
    await until('it was tried again', () => waiting.whyNot().length > 1);
    await waiting.receiver.stop();
    await expect(started).rejects.toThrow('aborted');
    await until('the socket is closed', () => slack.sockets.size === 0);

    expect(new Set(waiting.whyNot())).toEqual(new Set(['Error: Slack said no hello within 0.1 s']));
  });

  test('takes another socket for one that Slack ends in the breath of its hello', async () => {
    const hello = { type: 'hello', num_connections: 1 };
    const slack = await startSilentSlack((socket) =>
      socket === 1 ? [hello, { type: 'disconnect', reason: 'refresh_requested' }] : [hello],
    );
    await using waiting = waitingFor(slack);

    await waiting.receiver.start();

    expect(waiting.whyNot()).toEqual(['Error: Slack ended the socket as soon as it was open']);
    await until('one socket is left', () => slack.sockets.size === 1);
  });

  test.each(['warning', 'refresh_requested'] as const)(
    'loses no command when Slack says %s',
    async (reason) => {
      const slack = await startSlackStandIn();
      await using bot = await connected(slack);

      slack.sockets[0]?.disconnect(reason);
      const commands = Array.from({ length: 20 }, () => slack.slash('ana', 'ops', '/team'));
      const outcomes = await Promise.all(commands);
      await until('another socket is open', () => opened(bot.log) === 2);

      expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['acked']));
      expect(await slack.slash('ana', 'ops', '/team')).toMatchObject({ kind: 'acked' });
      await slack.waitForSockets((open) => open === 1);
    },
  );

  test('opens the next socket beside one whose end Slack leaves open', async () => {
    const slack = await startSlackStandIn({ faults: [{ kind: 'lingering-close' }] });
    await using bot = await connected(slack);

    slack.sockets[0]?.disconnect('refresh_requested');
    await until('another socket is open', () => opened(bot.log) === 2);

    expect(await slack.slash('ana', 'ops', '/team')).toMatchObject({ kind: 'acked' });
  });

  test('comes back when the line is cut', async () => {
    const slack = await startSlackStandIn();
    await using bot = await connected(slack);

    slack.sockets[0]?.drop();
    await until('another socket is open', () => opened(bot.log) === 2);

    expect(await slack.slash('ana', 'ops', '/team')).toMatchObject({ kind: 'acked' });
  });

  test('tries again while Slack cannot open a socket', async () => {
    const slack = await startSlackStandIn();
    await using bot = await connected(slack);
    slack.faults.add({ kind: 'refused', method: 'apps.connections.open', error: 'internal_error', times: 2 });
    slack.faults.add({ kind: 'server-error', method: 'apps.connections.open', accepted: false, times: 2 });

    slack.sockets[0]?.drop();
    await until('another socket is open', () => opened(bot.log) === 2);

    expect(bot.log.entries.filter(({ what }) => what === 'warn socket could not be opened')).toHaveLength(4);
    expect(bot.onRefused).not.toHaveBeenCalled();
  });

  test('says once that Slack has refused the app for good, and tries no more', async () => {
    const slack = await startSlackStandIn();
    await using bot = await connected(slack);
    slack.lockOut('token_revoked');

    slack.sockets[0]?.drop();
    await until('the app was refused', () => bot.onRefused.mock.calls.length > 0);

    const calls = slack.log.filter(({ method }) => method === 'apps.connections.open').length;
    expect(bot.onRefused.mock.calls).toEqual([['token_revoked']]);
    expect(calls).toBe(2);
  });

  test('does not begin with a token that Slack refuses', async () => {
    const slack = await startSlackStandIn();
    slack.faults.add({ kind: 'refused', method: 'apps.connections.open', error: 'invalid_auth' });

    await expect(connected(slack)).rejects.toThrow('invalid_auth');
    await slack.close();
  });

  test('says once that it has been without a socket for too long, and goes on trying', async () => {
    const slack = await startSlackStandIn();
    await using bot = await connected(slack, { lostAfterMs: 50 });
    const refused = { kind: 'refused', method: 'apps.connections.open', error: 'internal_error' } as const;
    const end = slack.faults.add(refused);

    slack.sockets[0]?.drop();
    await until('it was said', () => bot.onLost.mock.calls.length > 0);
    const failures = () =>
      bot.log.entries.filter(({ what }) => what === 'warn socket could not be opened').length;
    const before = failures();
    await until('it was tried again', () => failures() > before);
    end();
    await until('another socket is open', () => opened(bot.log) === 2);

    expect(bot.onLost.mock.calls).toEqual([[expect.any(Number)]]);
    expect(bot.onLost.mock.calls[0]?.[0]).toBeGreaterThan(50);
  });

  test('notices that another copy answers for the app, and when it does no more', async () => {
    const slack = await startSlackStandIn();
    await using first = await connected(slack, { recountMs: 300 });
    expect(first.receiver.hasRival()).toBe(false);

    const second = await connected(slack, { recountMs: 300 });
    expect(second.receiver.hasRival()).toBe(true);
    await until('the first knows as well', () => first.receiver.hasRival());
    await second.receiver.stop();
    await until('the first is alone', () => !first.receiver.hasRival());

    expect(first.log.entries.map(({ what }) => what)).toContain(
      'warn another copy of the bot answers for this app: changes are refused',
    );
    expect(first.log.entries.at(-2)?.what).toBe(
      'info no other copy of the bot answers for this app any more',
    );
  });

  test('takes its own sockets for no other copy', async () => {
    const slack = await startSlackStandIn();
    await using bot = await connected(slack);

    for (const count of [2, 3]) {
      for (const socket of slack.sockets) socket.disconnect('refresh_requested');
      await until('another socket is open', () => opened(bot.log) === count);
    }
    await slack.waitForSockets((open) => open === 1);
    slack.sockets[0]?.drop();
    await until('another socket is open', () => opened(bot.log) === 4);

    expect(bot.receiver.hasRival()).toBe(false);
  });

  test('counts without losing a command, and leaves it at that when Slack lets it not', async () => {
    const slack = await startSlackStandIn();
    await using bot = await connected(slack, { recountMs: 150 });
    slack.faults.add({ kind: 'refused', method: 'apps.connections.open', error: 'internal_error', every: 2 });

    const outcomes = [];
    while (opened(bot.log) < 5) outcomes.push(await slack.slash('ana', 'ops', '/team'));

    expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['acked']));
    expect(bot.onLost).not.toHaveBeenCalled();
  });

  test('leaves no socket behind when it is stopped, and opens none', async () => {
    const slack = await startSlackStandIn();
    const bot = await connected(slack);

    await bot.receiver.stop();
    await slack.waitForSockets((open) => open === 0);

    expect(opened(bot.log)).toBe(1);
    await slack.close();
  });
});
