import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { App } from '@slack/bolt';
import { describe, expect, test, vi } from 'vitest';
import { WebSocketServer } from 'ws';
import { type SlackStandIn, startSlackStandIn } from '../../../src/sandbox/slack-stand-in.ts';
import { createConnection } from '../../../src/slack/connection.ts';
import { until } from '../../fakes/until.ts';
import { keptLog } from './slack-under-test.ts';

/** A connection of an app that acks every command, and the Slack it is connected to. */
async function connected(slack: SlackStandIn) {
  const log = keptLog();
  const onRefused = vi.fn();
  const receiver = createConnection({
    appToken: slack.appToken,
    apiUrl: slack.apiUrl,
    log,
    onRefused,
    firstRetryMs: 5,
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
    async [Symbol.asyncDispose]() {
      await receiver.stop();
      await slack.close();
    },
  };
}

const opened = (log: ReturnType<typeof keptLog>) =>
  log.entries.filter(({ what }) => what === 'info socket opened').length;

/** A Slack that opens sockets and says nothing on them. */
async function startSilentSlack() {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ ok: true, url: `ws://127.0.0.1:${port()}/link` }));
  });
  const sockets = new WebSocketServer({ server });
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

describe('the connection', () => {
  test('does not wait for ever for a hello, and leaves no socket behind', async () => {
    const slack = await startSilentSlack();
    const receiver = createConnection({
      appToken: 'xapp-1',
      apiUrl: slack.apiUrl,
      log: keptLog(),
      onRefused: vi.fn(),
      helloWithinMs: 100,
    });
    receiver.init(new App({ token: 'xoxb-1', receiver, deferInitialization: true }));

    await expect(receiver.start()).rejects.toThrow('Slack said no hello within 0.1 s');
    await until('the socket is closed', () => slack.sockets.size === 0);
    slack.close();
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

  test('leaves no socket behind when it is stopped, and opens none', async () => {
    const slack = await startSlackStandIn();
    const bot = await connected(slack);

    await bot.receiver.stop();
    await slack.waitForSockets((open) => open === 0);

    expect(opened(bot.log)).toBe(1);
    await slack.close();
  });
});
