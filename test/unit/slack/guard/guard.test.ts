import { webApi } from '@slack/bolt';
import { describe, expect, test, vi } from 'vitest';
import { RefusedError } from '../../../../src/domain/refusal.ts';
import { UsageError } from '../../../../src/language/refusals.ts';
import type { Decision } from '../../../../src/slack/guard/access.ts';
import { createGuard, type Deed } from '../../../../src/slack/guard/guard.ts';
import { createPace } from '../../../../src/slack/guard/rate-limit.ts';
import { explain } from '../../../../src/slack/markup/explain.ts';
import { newRecords } from '../../journal/journal-under-test.ts';
import { keptLog } from '../slack-under-test.ts';

const ana = 'U0ANA000000';

function guarded(decision: Decision = { allowed: true }) {
  const log = keptLog();
  const records = newRecords();
  const whispers: string[] = [];
  const run = vi.fn(async () => undefined);
  const deed: Deed = {
    asker: { person: ana, team: 'T0', channel: 'C0OPS000000', delivery: 'command 1' },
    effect: 'changes',
    text: '/team reload shop',
    reply: { whisper: async ({ text }) => void whispers.push(text) },
    ack: async () => undefined,
    run,
  };
  const guard = createGuard({
    access: { decide: async () => decision },
    pace: createPace(),
    ...records,
    log,
  });
  const logged = () => log.entries.map(({ what }) => what);
  return { guard, deed, run, whispers, log, logged, records };
}

const refusal = (
  reason: Extract<Decision, { allowed: false }>['reason'],
  operators: readonly string[] = [],
) => ({ allowed: false, reason, operators }) as const;

describe('the guard', () => {
  test('lets those through who may', async () => {
    const { guard, deed, run, whispers, logged } = guarded();

    await guard.pass(deed);

    expect(run).toHaveBeenCalledOnce();
    expect(whispers).toEqual([]);
    expect(logged()).toEqual(['info done']);
  });

  test('runs a deed once, however often it is delivered', async () => {
    const { guard, deed, run, whispers } = guarded();

    await Promise.all([guard.pass(deed), guard.pass(deed), guard.pass(deed)]);

    expect(run).toHaveBeenCalledOnce();
    expect(whispers).toEqual([]);
  });

  test('keeps a deed open until it is done, though another copy of it was ignored meanwhile', async () => {
    const { guard, deed, records } = guarded();
    const done = Promise.withResolvers<undefined>();
    const passing = guard.pass({ ...deed, run: () => done.promise });

    await guard.pass(deed);
    const open = records.deliveries.forgotten().map(({ delivery }) => delivery);
    done.resolve(undefined);
    await passing;

    expect(open).toEqual(['command 1']);
    expect(records.deliveries.forgotten()).toEqual([]);
  });

  test('stops the 21st command of a minute, with words', async () => {
    const { guard, deed, run, whispers } = guarded();

    for (let index = 0; index < 21; index++) {
      await guard.pass({ ...deed, asker: { ...deed.asker, delivery: `command ${index}` } });
    }

    expect(run).toHaveBeenCalledTimes(20);
    expect(whispers).toEqual(['That is more than 20 commands in a minute. Nothing was done; wait a little.']);
  });

  test.each<[Decision, RegExp]>([
    [refusal('other-workspace'), /only to people of its own workspace/],
    [refusal('channel'), /not answer in this channel.*`SLACK_CHANNELS=\.\.\.,C0OPS000000`/],
    [refusal('not-a-member'), /only to full members/],
    [refusal('not-a-viewer'), /You may not look.*SLACK_VIEWERS=\.\.\.,U0ANA000000/],
    [refusal('not-an-operator'), /Nobody may: SLACK_OPERATORS is empty/],
    [refusal('rival'), /Another copy of Muster answers for this Slack app.*Nothing was done/],
    [
      refusal('cannot-tell', ['U0BO000000', 'S0ONCALL000']),
      /Slack did not say who is in <!subteam\^S0ONCALL000>, so I cannot tell whether you may/,
    ],
    [
      refusal('not-an-operator', ['U0BO000000', 'S0ONCALL000']),
      /Ask one of <@U0BO000000>, <!subteam\^S0ONCALL000>\..*SLACK_OPERATORS=\.\.\.,U0ANA000000/,
    ],
  ])('refuses in words that say what to do %#', async (decision, words) => {
    const { guard, deed, run, whispers, logged } = guarded(decision);

    await guard.pass(deed);

    expect(run).not.toHaveBeenCalled();
    expect(whispers).toEqual([expect.stringMatching(words)]);
    expect(logged()).toEqual(['warn refused']);
  });

  test('puts a bug under an id that the log has, and never shows its details', async () => {
    const { guard, deed, run, whispers, log } = guarded();
    run.mockRejectedValue(new TypeError('cannot read x of undefined'));

    await guard.pass(deed);

    const id = /E-\w{6}/.exec(whispers[0] ?? '')?.[0];
    expect(whispers[0]).toContain('Something went wrong inside Muster.');
    expect(whispers[0]).not.toContain('undefined');
    expect(log.entries[0]).toMatchObject({
      what: 'error not done',
      data: { id, error: expect.stringContaining('cannot read x') },
    });
  });

  test.each([['a text'], [undefined], [null], [{ not: 'an error' }]])(
    'lets nothing thrown escape: %j',
    async (thrown) => {
      const { guard, deed, run, whispers } = guarded();
      run.mockRejectedValue(thrown);

      await expect(guard.pass(deed)).resolves.toBeUndefined();
      expect(whispers).toHaveLength(1);
    },
  );

  test('logs when the person cannot be answered', async () => {
    const { guard, deed, run, logged } = guarded();
    run.mockRejectedValue(new UsageError('Name one project.'));

    await guard.pass({ ...deed, reply: { whisper: () => Promise.reject(new Error('expired')) } });

    expect(logged()).toEqual(['info not done', 'error a person could not be answered']);
  });

  test('refuses when access cannot be decided', async () => {
    const { deed, run, whispers, log, records } = guarded();
    const access = { decide: () => Promise.reject(new Error('no')) };

    await createGuard({ access, pace: createPace(), ...records, log }).pass(deed);

    expect(run).not.toHaveBeenCalled();
    expect(whispers).toHaveLength(1);
  });

  test('knows when no deed is under way', async () => {
    const { guard, deed, run } = guarded();
    const working = Promise.withResolvers<undefined>();
    run.mockReturnValue(working.promise);
    const idle = vi.fn();

    const passing = guard.pass(deed);
    const waiting = guard.idle().then(idle);
    await Promise.resolve();
    expect(idle).not.toHaveBeenCalled();
    working.resolve(undefined);
    await passing;
    await waiting;

    expect(idle).toHaveBeenCalledOnce();
  });
});

describe('every failure has words', () => {
  const platform = (error: string) =>
    new webApi.WebAPIPlatformError({ ok: false, error, response_metadata: {} });
  const selection = (asked: string, known: readonly string[]) =>
    new RefusedError({ kind: 'unknown-selection', asked, known });
  const since = new Date('2026-03-01T14:02:07Z');
  const busy = { id: 'O-1', text: '/team reload <!here>', askedBy: ana, since, project: 'shop' };

  test.each<[Error, string]>([
    [new UsageError('Name one project.'), 'Name one project.'],
    [selection('shop:pya', ['shop:pay', 'shop:cart']), 'There is no agent shop:pya. Did you mean shop:pay?'],
    [selection('blog', ['shop', 'cart']), 'There is no project blog. There are: shop, cart.'],
    [selection('blog', ['shop']), 'There is no project blog. There is: shop.'],
    [selection('blog', []), 'There is no project blog. There are: none.'],
    [
      new RefusedError({ kind: 'team-does-not-load', complaints: ['a.yaml line 1: <!channel>'] }),
      "The team's files don't load. Nothing was touched.\n• a.yaml line 1: &lt;!channel&gt;",
    ],
    [
      new RefusedError({ kind: 'busy', operation: busy }),
      `shop is busy with /team reload &lt;!here&gt;, asked by <@${ana}> at <!date^1772373727^{date_short_pretty} {time}|2026-03-01 14:02:07 UTC> (O-1). Nothing was touched; ask again when it is over.`,
    ],
    [
      new RefusedError({
        kind: 'busy',
        operation: { ...busy, link: 'https://acme.slack.com/archives/C1/p1' },
      }),
      `shop is busy with /team reload &lt;!here&gt;, asked by <@${ana}> at <!date^1772373727^{date_short_pretty} {time}|2026-03-01 14:02:07 UTC> (<https://acme.slack.com/archives/C1/p1|O-1>). Nothing was touched; ask again when it is over.`,
    ],
    [
      new RefusedError({ kind: 'supervisor', words: 'tmux: <!channel> no server' }),
      'tmux: &lt;!channel&gt; no server. Nothing more was done.',
    ],
    [
      platform('not_in_channel'),
      'I cannot post in this channel (not\u2060_\u2060in\u2060_\u2060channel), so nothing was touched. Type `/invite @Muster` here and ask again.',
    ],
    [
      platform('no_permission'),
      'Slack refused the message (no\u2060_\u2060permission), so nothing was touched.',
    ],
    [
      new webApi.WebAPIRequestError(new Error('reset')),
      'Slack did not answer in time, so nothing was touched. Ask again in a little while.',
    ],
  ])('%s', (error, words) => {
    expect(explain(error)).toEqual({ words, isBug: false });
  });

  test('a long list of complaints is cut', () => {
    const complaints = Array.from({ length: 30 }, (_, index) => `file line ${index}`);
    const { words } = explain(new RefusedError({ kind: 'team-does-not-load', complaints }));

    expect(words.split('\n')).toHaveLength(12);
    expect(words).toMatch(/• and 20 more$/);
  });
});
