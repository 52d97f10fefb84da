import { PassThrough } from 'node:stream';
import type { App } from '@slack/bolt';
import { expect, test } from 'vitest';
import { startTerminalSession, type TerminalSessionOptions } from '../../src/terminal/session.ts';
import { createCompleter } from '../../src/terminal/words.ts';
import { createWorkspace } from '../../src/workspace.ts';
import { startAppUnderTest } from '../app-under-test.ts';

const kill = {
  type: 'button',
  text: { type: 'plain_text', text: 'Kill' },
  action_id: 'kill',
  style: 'danger',
  confirm: {
    title: { type: 'plain_text', text: 'Really?' },
    text: { type: 'plain_text', text: 'Unsaved work is lost.' },
    confirm: { type: 'plain_text', text: 'Kill' },
    deny: { type: 'plain_text', text: 'Keep' },
  },
} as const;

function listen(app: App): void {
  app.command('/team', async ({ ack, client, command: { text, user_name: who, channel_id: channel } }) => {
    await ack(text === 'secret' ? 'psst' : undefined);
    if (text === 'down') {
      await client.chat.postMessage({
        channel,
        text: 'down?',
        blocks: [{ type: 'actions', elements: [kill] }],
      });
    }
    if (text === 'status') await client.chat.postMessage({ channel, text: `asked by ${who}` });
  });
  app.action('kill', async ({ ack, respond, body }) => {
    await ack();
    await respond({ replace_original: true, text: `killed by ${body.user.id}` });
  });
}

async function startSession(more: Partial<TerminalSessionOptions> = {}) {
  const bot = await startAppUnderTest(listen);
  const input = new PassThrough();
  const output = new PassThrough();
  let seen = '';
  output.on('data', (chunk: Buffer) => {
    seen += String(chunk);
  });
  const session = startTerminalSession({ slack: bot.slack, input, output, settleMs: 0, ...more });
  return {
    slack: bot.slack,
    app: bot.app,
    session,
    reads: (words: string) => expect.poll(() => seen, { interval: 5, timeout: 3_000 }).toContain(words),
    type: (line: string) => void input.write(`${line}\n`),
    end: () => input.end(),
    get seen() {
      return seen;
    },
    async [Symbol.asyncDispose]() {
      session.close();
      await bot[Symbol.asyncDispose]();
    },
  };
}

test('what a person types reaches the app, and its answer is shown', async () => {
  await using terminal = await startSession();

  terminal.type('/team status');

  await terminal.reads('ana #ops> ');
  await terminal.reads('── #ops ──');
  await terminal.reads('asked by ana');
});

test('a button is pressed by its number once its dialog is answered with yes', async () => {
  await using terminal = await startSession();

  terminal.type('/team down');
  await terminal.reads('[1] Kill (danger)');
  terminal.type('1');
  await terminal.reads('Really?\nUnsaved work is lost.\nKill (y) or Keep (n)? ');
  terminal.type('n');
  terminal.type('press 1');
  await terminal.reads('Kill (y) or Keep (n)? ana #ops> Really?');
  terminal.type('y');

  await terminal.reads('(edited once)');
  await terminal.reads(`killed by ${terminal.slack.workspace.person('ana').id}`);
});

test('a person can be somebody else, somewhere else', async () => {
  await using terminal = await startSession();

  terminal.type('as bo');
  terminal.type('in #alerts');
  terminal.type('/team status');

  await terminal.reads('bo #alerts> ');
  await terminal.reads('── #alerts ──');
  await terminal.reads('asked by bo');
});

test('nobody reads what only somebody else may see', async () => {
  await using terminal = await startSession();

  await terminal.slack.slash('bo', 'ops', '/team secret');
  terminal.type('/team status');

  await terminal.reads('asked by ana');
  expect(terminal.seen).not.toContain('psst');
});

test('a command typed alone with the app is answered there', async () => {
  await using terminal = await startSession();

  terminal.type('in dm');
  terminal.type('/team status');
  terminal.type('/team secret');

  await terminal.reads('ana dm> ');
  await terminal.reads('── direct message ──');
  await terminal.reads('(only visible to you)');
});

test('of an edited message only what changed is shown again, and quick edits are one', async () => {
  await using terminal = await startSession({ settleMs: 20 });
  const task = (id: string, status: 'pending' | 'complete') =>
    ({ type: 'task_card', task_id: id, title: `shop:${id}`, status }) as const;
  const plan = (...tasks: ReturnType<typeof task>[]) => [{ type: 'plan', title: 'Reload', tasks } as const];
  const channel = 'C0OPS000000';
  const { chat } = terminal.app.client;
  const waiting = ['a', 'b', 'c', 'd'].map((id) => task(id, 'pending'));
  const { ts = '' } = await chat.postMessage({ channel, text: 'x', blocks: plan(...waiting) });
  await terminal.reads('· shop:d');

  await chat.update({ channel, ts, text: 'x', blocks: plan(...waiting) });
  await chat.update({ channel, ts, text: 'x', blocks: plan(task('a', 'complete'), ...waiting.slice(1)) });
  await terminal.reads('✓ shop:a');

  expect(terminal.seen.split('(edited').slice(1).join()).not.toContain('shop:b');
});

test('a thread is shown by the number of its message', async () => {
  await using terminal = await startSession();
  await terminal.slack.slash('ana', 'ops', '/team status');
  await terminal.reads('#1  Muster');

  terminal.type('thread 1');
  terminal.type('thread 9');

  await terminal.reads('there is no message #9 to see');
});

test.each([
  ['press 7', 'there is no button [7]'],
  ['as zoe', 'there is no person "zoe"; there are ana, bo, eve, gus'],
  ['in #nowhere', 'there is no channel "nowhere"'],
  ['hello', '"hello" is nothing I know; try help'],
  ['help', 'press button [2]'],
  ['/tem status', '/tem is not a valid command'],
])('"%s" is answered with words', async (line, words) => {
  await using terminal = await startSession();

  terminal.type(line);

  await terminal.reads(words);
});

test('the session ends when the person quits, and when the input ends', async () => {
  await using quitter = await startSession();
  await using leaver = await startSession();

  quitter.type('quit');
  leaver.end();

  await quitter.session.ended;
  await leaver.session.ended;
});

test('Tab completes commands, people and channels', () => {
  const complete = createCompleter(createWorkspace(), ['status', 'stop shop', 'up']);

  expect(complete('/team st')[0]).toEqual(['/team status', '/team stop shop']);
  expect(complete('as b')[0]).toEqual(['as bo']);
  expect(complete('in #a')[0]).toEqual(['in #alerts']);
});
