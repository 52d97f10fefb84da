import { webApi } from '@slack/bolt';
import { beforeEach, describe, expect, test } from 'vitest';
import { failureOf } from '../../../../src/slack/connection/failures.ts';
import type { MessageContent } from '../../../../src/slack/markup/blocks.ts';
import type { Messages } from '../../../../src/slack/outbox/messages.ts';
import { createMessageWriter, type MessageWriter } from '../../../../src/slack/outbox/writer.ts';
import { keptLog } from '../slack-under-test.ts';

const ops = 'C0OPS000000';
const alerts = 'C0ALERTS000';
const content = (text: string): MessageContent => ({ text, blocks: [{ type: 'divider' }] });

const refused = (error: string, ...messages: string[]) =>
  new webApi.WebAPIPlatformError({ ok: false, error, response_metadata: { messages } });
const rateLimited = (seconds: number) => new webApi.WebAPIRateLimitedError(seconds);
const serverError = new webApi.WebAPIHTTPError(500, 'Internal Server Error', {}, '');

/** What reached Slack, and when; `fail` makes the next calls fail, one error each, `cannotBeRead` the next looks into the history; `undefined` lets one through. */
function createSlackMessages() {
  const sent: {
    readonly what: string;
    readonly atMs: number;
    readonly hasBlocks: boolean;
    readonly lastBlock: string;
  }[] = [];
  const failures: (Error | undefined)[] = [];
  let found: string | undefined;
  const findFailures: Error[] = [];
  let posted = 0;
  const call = async (what: string, { blocks }: MessageContent) => {
    sent.push({
      what,
      atMs: performance.now(),
      hasBlocks: blocks.length > 0,
      lastBlock: JSON.stringify(blocks.at(-1) ?? null),
    });
    await Promise.resolve();
    const failure = failures.shift();
    if (failure !== undefined) throw failure;
  };
  const messages: Messages = {
    async post({ channel, content }) {
      await call(`post ${channel} ${content.text}`, content);
      posted += 1;
      return { ts: `ts-${posted}` };
    },
    update: (_channel, ts, content) => call(`update ${ts} ${content.text}`, content),
    async find({ id }) {
      sent.push({ what: `find ${id}`, atMs: performance.now(), hasBlocks: false, lastBlock: '' });
      const failure = findFailures.shift();
      if (failure !== undefined) throw failure;
      return found;
    },
  };
  return {
    messages,
    sent,
    words: () => sent.map(({ what }) => what),
    gaps: () => sent.slice(1).map(({ atMs }, index) => Math.round(atMs - (sent[index]?.atMs ?? 0))),
    fail: (...errors: readonly (Error | undefined)[]) => failures.push(...errors),
    isFound: (ts: string) => {
      found = ts;
    },
    cannotBeRead: (...errors: readonly Error[]) => findFailures.push(...errors),
  };
}

let slack: ReturnType<typeof createSlackMessages>;
let log: ReturnType<typeof keptLog>;
let writer: MessageWriter;

const spacing = { editSpacingMs: 0, postSpacingMs: 0, firstRetryMs: 0 };
const writerWith = (options: Partial<typeof spacing> = {}) =>
  createMessageWriter({ messages: slack.messages, log, ...spacing, ...options });
const post = (text: string, channel = ops) => writer.post({ channel, content: content(text), id: 'O-1' });

beforeEach(() => {
  slack = createSlackMessages();
  log = keptLog();
  writer = writerWith();
});

describe('edits', () => {
  test('the latest wins: those in between may be skipped', async () => {
    const message = writer.existing(ops, 'ts-1');

    for (const text of ['one', 'two', 'three', 'four']) message.edit(content(text));
    await message.settled();

    expect(slack.words()).toEqual(['update ts-1 one', 'update ts-1 four']);
  });

  test('the latest wins too when two hold the same message', async () => {
    const mine = writer.existing(ops, 'ts-1');
    const yours = writer.existing(ops, 'ts-1');

    mine.edit(content('first'));
    yours.edit(content('second'));
    mine.edit(content('third'));
    await yours.settled();

    expect(slack.words().at(-1)).toBe('update ts-1 third');
    expect(slack.words()).not.toContain('update ts-1 second');
  });

  test('of several messages take turns', async () => {
    const [a, b] = [writer.existing(ops, 'a'), writer.existing(ops, 'b')];

    a.edit(content('1'));
    b.edit(content('1'));
    a.edit(content('2'));
    await writer.flush();

    expect(slack.words()).toEqual(['update a 1', 'update b 1', 'update a 2']);
  });

  test('are spaced for the whole app', async () => {
    writer = writerWith({ editSpacingMs: 40 });

    writer.existing(ops, 'a').edit(content('1'));
    writer.existing(alerts, 'b').edit(content('1'));
    await writer.flush();

    expect(slack.gaps()[0]).toBeGreaterThanOrEqual(35);
  });

  test('wait as long as Slack asks for', async () => {
    slack.fail(rateLimited(0.06));
    const message = writer.existing(ops, 'a');

    message.edit(content('1'));
    await message.settled();

    expect(slack.words()).toEqual(['update a 1', 'update a 1']);
    expect(slack.gaps()[0]).toBeGreaterThanOrEqual(55);
  });

  test('that cannot be made say why, also to those who ask when nothing is under way any more', async () => {
    slack.fail(refused('message_not_found'));
    const message = writer.existing(ops, 'a');

    message.edit(content('1'));
    await writer.flush();

    expect(await message.settled()).toEqual({ kind: 'refused', words: 'message_not_found' });
    message.edit(content('2'));
    expect(await message.settled()).toBeUndefined();
  });

  test('after a failure the newest goes out, not the one that failed', async () => {
    slack.fail(serverError);
    const message = writer.existing(ops, 'a');

    message.edit(content('old'));
    message.edit(content('new'));
    await message.settled();

    expect(slack.words()).toEqual(['update a old', 'update a new']);
  });

  test('the last one lands through nine failures', async () => {
    slack.fail(...Array.from({ length: 9 }, () => serverError));
    const message = writer.existing(ops, 'a');

    message.edit(content('final'));
    await message.settled();

    expect(slack.words()).toHaveLength(10);
    expect(log.entries.filter(({ what }) => what.startsWith('error'))).toEqual([]);
  });

  test('whose blocks Slack refuses go out as text, and the log says why', async () => {
    const words = '[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]';
    slack.fail(refused('invalid_blocks', words));
    const message = writer.existing(ops, 'a');

    message.edit(content('facts'));
    await message.settled();

    expect(slack.sent.map(({ what, hasBlocks }) => [what, hasBlocks])).toEqual([
      ['update a facts', true],
      ['update a facts', false],
    ]);
    expect(log.entries[0]?.data).toEqual({
      channel: ops,
      ts: 'a',
      block: '0 (divider)',
      error: `invalid_blocks; ${words}`,
    });
  });

  test('that Slack refuses are logged, and the next messages still go out', async () => {
    slack.fail(refused('message_not_found'), new TypeError('a bug of ours'));
    const all = ['a', 'b', 'c'].map((ts) => writer.existing(ops, ts));

    for (const message of all) message.edit(content('1'));
    await writer.flush();

    expect(slack.words()).toEqual(['update a 1', 'update b 1', 'update c 1']);
    expect(log.entries.map(({ data }) => data.error)).toEqual([
      'message_not_found',
      'TypeError: a bug of ours',
    ]);
  });
});

describe('posts', () => {
  test('give the message that can be edited', async () => {
    const message = await post('hello');

    message.edit(content('bye'));
    await message.settled();

    expect(slack.words()).toEqual([`post ${ops} hello`, 'update ts-1 bye']);
  });

  test('to one channel are spaced and in order; other channels don’t wait', async () => {
    writer = writerWith({ postSpacingMs: 40 });

    await Promise.all([post('1'), post('2'), post('3', alerts)]);

    expect(slack.words()).toEqual([`post ${ops} 1`, `post ${alerts} 3`, `post ${ops} 2`]);
    expect(slack.gaps()[1]).toBeGreaterThanOrEqual(30);
  });

  test('a refusal is thrown, and the next post goes out', async () => {
    slack.fail(refused('not_in_channel'));

    await expect(post('1')).rejects.toThrow('not_in_channel');
    await expect(post('2')).resolves.toMatchObject({ ts: 'ts-1' });
  });

  test('whose answer was lost are looked up before they are repeated', async () => {
    slack.fail(serverError);
    slack.isFound('ts-earlier');

    const message = await post('1');

    expect(slack.words()).toEqual([`post ${ops} 1`, 'find O-1']);
    expect(message.ts).toBe('ts-earlier');
  });

  test('that did not arrive are repeated', async () => {
    slack.fail(serverError);

    await post('1');

    expect(slack.words()).toEqual([`post ${ops} 1`, 'find O-1', `post ${ops} 1`]);
  });

  test('are repeated when the history cannot be read, and the log says so', async () => {
    slack.fail(serverError);
    slack.cannotBeRead(refused('missing_scope'));

    await post('1');

    expect(slack.words()).toEqual([`post ${ops} 1`, 'find O-1', `post ${ops} 1 (may repeat O-1)`]);
    expect(log.entries.map(({ what }) => what)).toContain(
      'warn the history cannot be read: a message may be repeated',
    );
  });

  test('that may stand there twice say so as long as they stand, also in their blocks', async () => {
    slack.fail(serverError);
    slack.cannotBeRead(refused('missing_scope'));
    const message = await post('hello');

    message.edit(content('bye'));
    writer.existing(ops, message.ts).edit(content('later'));
    await writer.flush();

    expect(slack.words().slice(-3)).toEqual([
      `post ${ops} hello (may repeat O-1)`,
      `update ${message.ts} bye (may repeat O-1)`,
      `update ${message.ts} later (may repeat O-1)`,
    ]);
    expect(slack.sent.at(-1)?.lastBlock).toContain('"text":"may repeat O-1"');
    expect(slack.sent[0]?.lastBlock).not.toContain('may repeat');
  });

  test('are looked up until Slack answers: only what it refuses cannot be read', async () => {
    slack.fail(serverError);
    slack.cannotBeRead(rateLimited(0), serverError);

    await post('1');

    expect(slack.words()).toEqual([`post ${ops} 1`, 'find O-1', 'find O-1', 'find O-1', `post ${ops} 1`]);
  });

  test('that an earlier process may have made are looked up first, and show what is true now', async () => {
    slack.isFound('ts-earlier');

    const message = await writer.post({ channel: ops, content: content('now'), id: 'O-1', mayBeThere: true });
    await message.settled();

    expect(slack.words()).toEqual(['find O-1', 'update ts-earlier now']);
  });

  test('that were rate limited are not looked up: Slack did nothing', async () => {
    slack.fail(rateLimited(0));

    await post('1');

    expect(slack.words()).toEqual([`post ${ops} 1`, `post ${ops} 1`]);
  });

  test('whose blocks Slack refuses go out as text', async () => {
    slack.fail(refused('invalid_blocks', 'no good [json-pointer:/blocks/0/text]'));

    await post('facts');

    expect(slack.sent.map(({ hasBlocks }) => hasBlocks)).toEqual([true, false]);
    expect(log.entries[0]?.data).toMatchObject({
      block: '0 (divider)',
      error: expect.stringContaining('no good'),
    });
  });

  test('give up after ten tries with Slack’s error', async () => {
    slack.fail(...Array.from({ length: 10 }, () => rateLimited(0)));

    await expect(post('1')).rejects.toThrow(webApi.WebAPIRateLimitedError);
  });
});

test('flush waits for posts and for edits', async () => {
  writer = writerWith({ postSpacingMs: 20, editSpacingMs: 20 });
  void post('1');
  void post('2');
  writer.existing(ops, 'a').edit(content('x'));
  writer.existing(ops, 'b').edit(content('y'));

  await writer.flush();

  expect(slack.words().sort()).toEqual([`post ${ops} 1`, `post ${ops} 2`, 'update a x', 'update b y']);
});

describe('why a call failed', () => {
  test.each<[string, unknown, string]>([
    ['429', rateLimited(7), 'rate-limited'],
    ['a server error', serverError, 'uncertain'],
    ['no network', new webApi.WebAPIRequestError(new Error('reset')), 'uncertain'],
    ['Slack’s own trouble', refused('internal_error'), 'uncertain'],
    ['a page of a proxy', refused('<html><h1>Bad gateway</h1></html>'), 'uncertain'],
    ['blocks it does not take', refused('invalid_blocks'), 'invalid-blocks'],
    ['too much in its blocks', refused('msg_blocks_too_long'), 'too-long'],
    ['too much text', refused('msg_too_long'), 'too-long'],
    ['no right to post', refused('not_in_channel'), 'refused'],
    ['a revoked token', refused('token_revoked'), 'refused'],
    ['something of ours', new TypeError('x'), 'refused'],
  ])('%s', (_name, error, kind) => {
    expect(failureOf(error).kind).toBe(kind);
  });

  test('says how long to wait, and which block it was', () => {
    const invalid = new webApi.WebAPIPlatformError({
      ok: false,
      error: 'invalid_blocks',
      response_metadata: { messages: ['[ERROR] no more than 50 items'] },
    });

    expect(failureOf(rateLimited(7))).toMatchObject({ waitMs: 7000 });
    expect(failureOf(invalid).words).toBe('invalid_blocks; [ERROR] no more than 50 items');
  });
});
