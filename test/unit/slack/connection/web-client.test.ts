import { webApi } from '@slack/bolt';
import { expect, test, vi } from 'vitest';
import { startSlackStandIn } from '../../../../packages/slack-stand-in/src/slack-stand-in.ts';
import { BotClient, clientOptions } from '../../../../src/slack/connection/web-client.ts';
import { silentLog } from '../slack-under-test.ts';

/** A client of a Slack that answers each call of `auth.test` with these errors, one after the other. */
async function calling(...errors: readonly string[]) {
  const slack = await startSlackStandIn();
  for (const error of errors) slack.faults.add({ kind: 'refused', method: 'auth.test', error, times: 1 });
  const onRefused = vi.fn();
  const client = new BotClient(slack.botToken, clientOptions(slack.apiUrl, silentLog), onRefused);
  for (const _ of errors) await expect(client.auth.test()).rejects.toThrow(webApi.WebAPIPlatformError);
  return { client, onRefused, [Symbol.asyncDispose]: () => slack.close() };
}

test.each(['token_revoked', 'invalid_auth', 'account_inactive', 'token_expired'])(
  'a bot token that Slack takes no more is said once: %s',
  async (error) => {
    await using calls = await calling(error, error);

    expect(calls.onRefused.mock.calls).toEqual([[error]]);
  },
);

test.each(['internal_error', 'missing_scope', 'channel_not_found', 'ratelimited'])(
  'what Slack refuses once says nothing about the token: %s',
  async (error) => {
    await using calls = await calling(error);

    await expect(calls.client.auth.test()).resolves.toMatchObject({ ok: true });
    expect(calls.onRefused).not.toHaveBeenCalled();
  },
);
