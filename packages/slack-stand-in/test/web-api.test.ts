import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type SlackStandIn, startSlackStandIn } from '../src/slack-stand-in.ts';

let slack: SlackStandIn;
beforeAll(async () => {
  slack = await startSlackStandIn();
});
afterAll(() => slack.close());

const ops = 'C0OPS000000';
const random = 'C0RANDOM000';
const ana = 'U0ANA000000';

type Answer = {
  ok: boolean;
  error?: string;
  ts: string;
  channel: { id: string };
  messages: { metadata?: object; text: string }[];
};

async function call(
  method: string,
  args: Record<string, unknown> = {},
  token = slack.botToken,
  apiUrl = slack.apiUrl,
): Promise<Answer & Record<string, unknown>> {
  const response = await fetch(apiUrl + method, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(args),
  });
  return (await response.json()) as Answer & Record<string, unknown>;
}

const post = (args: object = {}) => call('chat.postMessage', { channel: ops, text: 'hello', ...args });

describe('Slack’s own names for what it refuses', () => {
  test.each<[string, Record<string, unknown>, string]>([
    ['chat.post', {}, 'unknown_method'],
    ['toString', {}, 'unknown_method'],
    ['chat.postMessage', { channel: 'C0NOWHERE', text: 'x' }, 'channel_not_found'],
    ['chat.postMessage', { channel: random, text: 'x' }, 'not_in_channel'],
    ['chat.postMessage', { channel: ops }, 'no_text'],
    ['chat.postMessage', { text: 'x' }, 'invalid_arguments'],
    ['chat.postMessage', { channel: ops, text: 'x', blocks: '[{' }, 'invalid_blocks_format'],
    ['chat.postMessage', { channel: ops, text: 'x', blocks: [{ type: 'nothing' }] }, 'invalid_blocks'],
    ['chat.postMessage', { channel: ops, text: 'x', thread_ts: '1.000000' }, 'thread_not_found'],
    ['chat.update', { channel: ops, ts: '1.000000', text: 'x' }, 'message_not_found'],
    ['chat.delete', { channel: ops, ts: '1.000000' }, 'message_not_found'],
    ['chat.postEphemeral', { channel: ops, user: 'U0NOBODY', text: 'x' }, 'user_not_found'],
    ['conversations.info', { channel: 'C0NOWHERE' }, 'channel_not_found'],
    ['conversations.history', { channel: random }, 'not_in_channel'],
    ['conversations.replies', { channel: ops, ts: '1.000000' }, 'thread_not_found'],
    ['users.info', { user: 'U0NOBODY' }, 'user_not_found'],
    ['usergroups.users.list', { usergroup: 'S0NOBODY' }, 'no_such_subteam'],
    [
      'views.open',
      {
        trigger_id: 'made up',
        view: { type: 'modal', title: { type: 'plain_text', text: 'x' }, blocks: [] },
      },
      'invalid_trigger_id',
    ],
    ['views.publish', { user_id: ana, view: '' }, 'invalid_view_format'],
    ['reactions.add', { channel: ops, timestamp: '1.000000', name: 'eyes' }, 'message_not_found'],
  ])('%s %o → %s', async (method, args, error) => {
    expect(await call(method, args)).toMatchObject({ ok: false, error });
  });

  test('a token is known, of the right kind, and not revoked', async () => {
    expect((await call('auth.test', {}, 'xoxb-else')).error).toBe('invalid_auth');
    expect((await call('auth.test', {}, slack.appToken)).error).toBe('not_allowed_token_type');
    expect((await call('apps.connections.open', {}, slack.botToken)).error).toBe('not_allowed_token_type');
    slack.lockOut('token_revoked');
    expect((await call('auth.test')).error).toBe('token_revoked');
    slack.lockOut(undefined);
    expect((await call('auth.test')).ok).toBe(true);
  });

  test('a missing scope is named', async () => {
    slack.scopes.delete('channels:history');
    expect(await call('conversations.history', { channel: ops })).toMatchObject({
      error: 'missing_scope',
      needed: 'channels:history',
    });
    slack.scopes.add('channels:history');
    slack.scopes.delete('chat:write');
    expect(await post()).toMatchObject({ error: 'missing_scope', needed: 'chat:write' });
    slack.scopes.add('chat:write');
  });

  test('an ephemeral message is not there for chat.update', async () => {
    const { message_ts: ts } = await call('chat.postEphemeral', { channel: ops, user: ana, text: 'psst' });

    expect((await call('chat.update', { channel: ops, ts, text: 'x' })).error).toBe('message_not_found');
  });

  test('a message that was deleted, a channel that was archived and one that the app was taken out of', async () => {
    const other = await startSlackStandIn();
    onTestFinished(() => other.close());
    const said = async (method: string, args: object) => {
      const answer = await call(method, { text: 'x', ...args }, other.botToken, other.apiUrl);
      return answer.error ?? answer.ts;
    };
    const posted = async () => ({ channel: ops, ts: await said('chat.postMessage', { channel: ops }) });
    const [deleted, archived] = [await posted(), await posted()];

    other.remove(deleted);
    expect(await said('chat.update', deleted)).toBe('message_not_found');
    other.archive('ops');
    expect(await said('chat.postMessage', { channel: ops })).toBe('is_archived');
    expect(await said('chat.update', archived)).toBe('is_inactive');
    expect(await said('conversations.history', { channel: ops })).toBeUndefined();
    other.removeApp('alerts');
    expect(await said('chat.postMessage', { channel: 'C0ALERTS000' })).toBe('not_in_channel');
  });

  test.each([
    ['x'.repeat(4_001), 'msg_too_long'],
    ['日'.repeat(1_334), 'msg_too_long'],
    ['😀'.repeat(1_001), 'msg_too_long'],
    ['😀'.repeat(1_000), undefined],
  ])('an edit takes 4,000 bytes of text, also beside blocks: %#', async (text, error) => {
    const { ts } = await post();
    const blocks = [{ type: 'section', text: { type: 'mrkdwn', text: 'x' }, expand: true }];

    expect((await call('chat.update', { channel: ops, ts, text })).error).toBe(error);
    expect((await call('chat.update', { channel: ops, ts, text, blocks })).error).toBe(error);
  });

  test('a new message takes 40,000 characters and is cut there', async () => {
    expect(await post({ text: 'x'.repeat(40_001) })).toMatchObject({
      ok: true,
      warning: 'message_truncated',
    });
    expect(slack.messages(ops).at(-1)?.text).toHaveLength(40_000);
  });
});

test('an edit with text alone takes the blocks away and keeps attachments and metadata', async () => {
  const metadata = { event_type: 'operation', event_payload: { id: 'op-1' } };
  const attachments = [{ text: 'beside' }];
  const { ts } = await post({ blocks: [{ type: 'divider' }], attachments, metadata });

  await call('chat.update', { channel: ops, ts, text: 'done' });

  expect(slack.messages(ops).at(-1)).toMatchObject({
    text: 'done',
    blocks: [],
    attachments,
    metadata,
    edits: 1,
  });
  await call('chat.update', { channel: ops, ts, text: 'done', metadata: {} });
  expect(slack.messages(ops).at(-1)).not.toHaveProperty('metadata');
});

test('history is newest first, has pages, and tells metadata only to those who ask', async () => {
  const metadata = { event_type: 'operation', event_payload: { id: 'op-2' } };
  await post({ text: 'older', metadata });
  await post({ text: 'newer', metadata });
  await call('chat.postEphemeral', { channel: ops, user: ana, text: 'psst' });

  const first = await call('conversations.history', { channel: ops, limit: 1 });
  const cursor = (first.response_metadata as { next_cursor: string }).next_cursor;
  const second = await call('conversations.history', {
    channel: ops,
    limit: 1,
    cursor,
    include_all_metadata: true,
  });

  expect(first).toMatchObject({ has_more: true, messages: [{ text: 'newer' }] });
  expect(first.messages[0]).not.toHaveProperty('metadata');
  expect(second).toMatchObject({ messages: [{ text: 'older', metadata }] });
});

test('replies stand in their thread, and in the channel only when broadcast', async () => {
  const { ts } = await post({ text: 'parent' });
  await post({ text: 'quiet', thread_ts: ts });
  await post({ text: 'loud', thread_ts: ts, reply_broadcast: true });

  expect(
    slack
      .messages(ops)
      .slice(-2)
      .map(({ text }) => text),
  ).toEqual(['parent', 'loud']);
  expect(slack.thread(ts).map(({ text }) => text)).toEqual(['parent', 'quiet', 'loud']);
  expect((await call('conversations.replies', { channel: ops, ts })).messages).toHaveLength(3);
});

test('people, groups and channels can be looked up', async () => {
  const eve = await call('users.info', { user: slack.workspace.person('eve').id });
  const gus = await call('users.info', { user: slack.workspace.person('gus').id });
  const groups = await call('usergroups.list', { include_users: true });

  expect(eve.user).toMatchObject({ team_id: 'T0ELSEWHERE', is_restricted: false });
  expect(gus.user).toMatchObject({ team_id: slack.workspace.team.id, is_restricted: true });
  expect(groups.usergroups).toMatchObject([{ handle: 'oncall', users: [ana] }]);
  expect((await call('conversations.members', { channel: ops })).members).toContain(ana);
  expect((await call('conversations.info', { channel: random })).channel).toMatchObject({ is_member: false });
  expect((await call('conversations.open', { users: ana })).channel).toEqual({ id: 'D0ANA000000' });
});

test('urlencoded bodies carry structures as JSON', async () => {
  const body = new URLSearchParams({
    token: slack.botToken,
    channel: ops,
    text: 'x',
    blocks: '[{"type":"divider"}]',
  });

  const response = await fetch(`${slack.apiUrl}chat.postMessage`, { method: 'POST', body });

  expect(await response.json()).toMatchObject({ ok: true, message: { blocks: [{ type: 'divider' }] } });
});

test('every call is on record, without the token', async () => {
  await call('reactions.add', { channel: ops, timestamp: (await post()).ts, name: 'eyes' });

  expect(slack.log.at(-1)).toMatchObject({
    method: 'reactions.add',
    args: { name: 'eyes' },
    status: 200,
    answer: { ok: true },
  });
  expect(JSON.stringify(slack.log)).not.toContain(slack.botToken);
});

describe('the server is safe to leave open', () => {
  test('it answers to its loopback name alone', async () => {
    const { request } = await import('node:http');
    const status = await new Promise((resolve) => {
      request(slack.origin, { headers: { host: 'evil.example' } }, ({ statusCode }) =>
        resolve(statusCode),
      ).end();
    });

    expect(status).toBe(403);
  });

  test('it takes no body of more than a megabyte', async () => {
    const response = await fetch(`${slack.apiUrl}auth.test`, { method: 'POST', body: 'x'.repeat(1_000_001) });

    expect(response.status).toBe(413);
  });
});
