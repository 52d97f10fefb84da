import { afterEach, describe, expect, test, vi } from 'vitest';
import { RefusedError } from '../../../../src/domain/refusal.ts';
import { createProjectLocks } from '../../../../src/operations/locks/project-locks.ts';
import { createLocalSite } from '../../../../src/site/local-site.ts';
import { createAlerts } from '../../../../src/slack/alerts/forced-kills.ts';
import { createAsking } from '../../../../src/slack/operations/confirmations.ts';
import { createRequests } from '../../../../src/slack/operations/requests.ts';
import { createShowing } from '../../../../src/slack/operations/showing.ts';
import type { MessageWriter } from '../../../../src/slack/outbox/writer.ts';
import { createQuestions } from '../../../../src/slack/records/open-confirmations.ts';
import { createOperationMessages } from '../../../../src/slack/records/operation-messages.ts';
import { systemTimers, type Timers } from '../../../../src/timers.ts';
import { createMutes } from '../../../../src/watch/alerts/mutes.ts';
import { createManualTimers } from '../../../fakes/manual-timers.ts';
import { self } from '../../journal/journal-under-test.ts';
import { asked, createRunningTeam, shop } from '../../operations/team-under-test.ts';
import { silentLog } from '../slack-under-test.ts';

const ops = 'C0OPS000000';
const ana = { person: 'U0ANA00000', team: 'T0', channel: ops, delivery: 'command 1' };

/** A writer that shows everything at once and keeps it. `onPost` stands between a post and its arrival. */
function createShownWriter(onPost: () => void = () => undefined) {
  const shown: string[] = [];
  const live = (ts: string) => ({
    channel: ops,
    ts,
    edit: ({ text }: { text: string }) => void shown.push(text),
    settled: async () => undefined,
  });
  const writer: MessageWriter = {
    async post({ content }) {
      onPost();
      shown.push(content.text);
      return live(String(shown.length));
    },
    existing: (_channel, ts) => live(ts),
    flush: async () => undefined,
  };
  return { shown, writer };
}

async function requestsWith(
  { shown, writer }: ReturnType<typeof createShownWriter>,
  timers: Timers = systemTimers,
) {
  const team = await createRunningTeam();
  const { host, records } = team;
  const { operations, journal } = records;
  const [hostName, log, lives] = ['build-1', silentLog, async () => false];
  const site = createLocalSite({ host, records, locks: createProjectLocks(), self, lives, timers });
  const mutes = createMutes(journal);
  const alerts = createAlerts({ writer, channel: ops, lines: 15, hostName, mutes, log });
  const questions = createQuestions({ journal });
  const messages = createOperationMessages({ operations, lives });
  const requests = createRequests({
    ...{ site, writer, questions, messages, hostName, log },
    showing: createShowing({ site, writer, alerts, messages, hostName, log }),
    asking: createAsking({ questions, writer, hostName, rule: 'requester' }),
    workspace: Promise.resolve({ url: 'https://team.slack.example/' }),
  });
  return { team, requests, shown };
}

describe('a request', () => {
  afterEach(() => void vi.useRealTimers());

  test('of 50 at once one runs, and 49 get a pointer to it', async () => {
    const { requests, team, shown } = await requestsWith(createShownWriter());
    team.supervisor.set('shop:pay', { state: 'stopped' });

    const outcomes = await Promise.allSettled(
      Array.from({ length: 50 }, () => requests.request(asked({ selection: shop }), ana)),
    );

    const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    expect(refused).toHaveLength(49);
    expect(refused.every((error) => error instanceof RefusedError && error.refusal.kind === 'busy')).toBe(
      true,
    );
    expect(shown.at(-1)).toMatch(/Reloaded \*shop\*: .*1 started/);
  });

  test('whose question nobody answers says so in its own message, and does nothing', async () => {
    const { requests, team, shown } = await requestsWith(createShownWriter());
    vi.useFakeTimers({ toFake: ['setTimeout', 'Date'] });

    await requests.request(asked({ verb: 'down', selection: shop, text: '/team down shop' }), ana);
    vi.advanceTimersByTime(120_000);

    expect(shown.at(-1)).toBe('Nobody answered in time, so nothing was touched: /team down shop');
    expect(team.supervisor.called('down')).toEqual([]);
  });

  test('whose card took over a minute to arrive is cancelled and says so', async () => {
    const timers = createManualTimers(Date.now());
    const { requests, team, shown } = await requestsWith(
      createShownWriter(() => timers.advance(61_000)),
      timers,
    );

    await requests.request(asked({ verb: 'drain', selection: shop, text: '/team drain shop' }), ana);

    expect(shown.at(-1)).toMatch(/^Cancelled, nothing was touched: Slack took too long/);
    expect(team.supervisor.called('drain')).toEqual([]);
  });

  test('looks at the agents once before it touches them, also when it was asked about first', async () => {
    const { requests, team, shown } = await requestsWith(createShownWriter());
    let before = 0;
    const looks = () => {
      const verbs = team.supervisor.calls.slice(before).map(({ verb }) => verb);
      before = team.supervisor.calls.length;
      return verbs.slice(
        0,
        verbs.findIndex((verb) => verb === 'drain' || verb === 'down'),
      );
    };
    looks();

    await requests.request(asked({ verb: 'drain', selection: shop }), ana);
    expect(looks()).toEqual(['observe']);
    await requests.request(asked({ verb: 'up', selection: shop }), ana);
    await requests.request(asked({ verb: 'down', selection: shop }), ana);
    looks();
    const message = { channel: ops, ts: '1', edit: () => undefined, settled: async () => undefined };
    const [row] = team.records.journal.run((database) =>
      database.prepare('select id from questions where closed_at is null').all(),
    );
    await requests.answer('accept', String(row?.id), ana, message, { whisper: async () => undefined });
    expect(looks()).toEqual(['observe']);
    expect(shown.at(-1)).toMatch(/^Hard down/);
  });

  test('that is refused frees its project', async () => {
    const { requests } = await requestsWith(createShownWriter());
    const nobody = asked({ verb: 'drain', selection: { kind: 'agent', id: 'shop:nobody' } });
    await requests.request(nobody, ana).catch(() => undefined);

    await expect(requests.request(nobody, ana)).rejects.toMatchObject({
      refusal: { kind: 'unknown-selection' },
    });
  });

  test('that asks holds nothing while it waits for the answer', async () => {
    const { requests, shown } = await requestsWith(createShownWriter());
    await requests.request(asked({ verb: 'down', selection: shop }), ana);

    await requests.request(asked({ verb: 'drain', selection: shop }), ana);

    expect(shown.at(-1)).toMatch(/Drained \*shop\*/);
  });
});
