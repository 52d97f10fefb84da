import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import manifest from '../../../manifest.json' with { type: 'json' };
import { type SlackStandIn, startSlackStandIn } from '../../../packages/slack-stand-in/src/slack-stand-in.ts';
import { everyCard } from '../../../src/slack/cards/samples/every-card.ts';
import { directoryForTest, type Program, runScript } from '../../fakes/bot/e2e-program.ts';

interface Workspace {
  readonly slack: SlackStandIn;
  check(...words: readonly string[]): Program;
}

/** A directory with a `.env`, and the app installed with what the manifest asks for. */
async function workspace(): Promise<Workspace> {
  const directory = directoryForTest();
  const slack = await startSlackStandIn({ scopes: manifest.oauth_config.scopes.bot });
  onTestFinished(() => slack.close());
  const settings = `SLACK_BOT_TOKEN=${slack.botToken}\nSLACK_API_URL=${slack.apiUrl}\n`;
  writeFileSync(join(directory, '.env'), settings, { mode: 0o600 });
  return { slack, check: (...words) => runScript('live-check', directory, {}, words) };
}

const calm = ['--channel', 'C0OPS000000', '--only', 'status-all-well', '--only', 'receipt-with'];

test('it says what it will do and where, and posts nothing unless somebody agrees', async () => {
  const { slack, check } = await workspace();
  const program = check(...calm);
  await program.prints(
    /^Posts 2 cards to channel C0OPS000000 in Sandbox \(http:\S+\/archives\/C0OPS000000\), edits each/,
  );
  await program.prints(/Go on\? \[y\/N\] /);

  program.type('n');

  expect(await program.ended()).toBe(1);
  expect(program.output()).toMatch(/Nothing was posted\.\n$/);
  expect(slack.messages('ops')).toEqual([]);
});

test('the answer to each is a line of a table, and what was posted is removed if so asked', async () => {
  const { slack, check } = await workspace();

  const program = check(...calm, '--yes', '--delete');

  expect(await program.ended()).toBe(0);
  expect(program.output().split('\n').slice(1)).toEqual([
    '  ✓ heading             post ok',
    '  ✓ status-all-well     post ok, edit ok',
    '  ✓ receipt-with-lines  reply ok, edit ok',
    '  ✓ history             look up ok',
    '  ✓ thread              look up ok',
    '  ✓ later               schedule ok, list ok, withdraw ok',
    '  ✓ clean-up            delete ok',
    'Slack took all of it. What only a person can prove: type /team status, and press Refresh below it.',
    '',
  ]);
  expect(slack.messages('ops')).toEqual([]);
});

test('on the terminal they stay until somebody has looked', async () => {
  const { slack, check } = await workspace();
  const program = check(...calm, '--delete');
  await program.prints(/Go on\? \[y\/N\] /);
  program.type('y');
  await program.prints(/Enter removes them\. /);
  expect(slack.messages('ops')).toHaveLength(2);

  program.type('');

  expect(await program.ended()).toBe(0);
  expect(slack.messages('ops')).toEqual([]);
});

test('a refused card ends it with 1, with the card, the block and the words of Slack', async () => {
  const { slack, check } = await workspace();
  const messages = ['[ERROR] unsupported type: table [json-pointer:/blocks/1/type]'];
  slack.faults.add({ kind: 'refused', error: 'invalid_blocks', messages, method: 'chat.update', times: 1 });

  const program = check(...calm, '--yes');

  expect(await program.ended()).toBe(1);
  expect(program.output()).toMatch(
    /✗ status-all-well +post ok, edit REFUSED\n +→ edit: block 2 of \d+ \(table\): invalid_blocks; \[ERROR\] unsupported type/,
  );
  expect(program.output()).toMatch(/\nSlack refused: status-all-well\.\n$/);
  expect(program.output()).not.toContain(slack.botToken);
});

test('a channel without the bot, and a token that Slack does not take, are said before anything is posted', async () => {
  const { slack, check } = await workspace();

  const outside = check('--channel', 'C0RANDOM000', '--yes');
  expect(await outside.ended()).toBe(1);
  expect(outside.output()).toBe(
    'The bot is not a member of C0RANDOM000. In that channel: /invite @Muster\nNothing was posted.\n',
  );
  slack.lockOut('token_revoked');
  const revoked = check(...calm, '--yes');

  expect(await revoked.ended()).toBe(1);
  expect(revoked.output()).toMatch(
    /^Slack refuses SLACK_BOT_TOKEN \(token_revoked\): .*\nNothing was posted\.\n$/,
  );
  expect(slack.log.map(({ method }) => method)).not.toContain('chat.postMessage');
});

test('it lists what it would post without any settings, and says what is missing for more', async () => {
  const nowhere = directoryForTest();
  const list = runScript('live-check', nowhere, {}, ['--list']);
  expect(await list.ended()).toBe(0);
  expect(list.output().match(/^[\w-]+(?=: )/gm)).toEqual(Object.keys(everyCard()));

  const without = runScript('live-check', nowhere, {}, ['--channel', 'C0123ABCD']);
  expect(await without.ended()).toBe(1);
  expect(without.output()).toMatch(/^SLACK_BOT_TOKEN is missing/);
});

test.each([
  [[], /^--channel is missing/],
  [['--channel', '#ops'], /^--channel is "#ops"; it must be one channel id/],
  [['--channel', 'C0123ABCD', '--only', 'staus'], /^No card is called staus\. --list prints their names\./],
])('%j is answered with how it is used', async (words, answer) => {
  const { check } = await workspace();
  const program = check(...words);

  expect(await program.ended()).toBe(2);
  expect(program.output()).toMatch(answer);
});
