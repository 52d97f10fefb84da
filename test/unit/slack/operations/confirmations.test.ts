import { afterEach, describe, expect, test, vi } from 'vitest';
import { RefusedError } from '../../../../src/domain/refusal.ts';
import { createProjectLocks } from '../../../../src/operations/locks/project-locks.ts';
import { createAlerts } from '../../../../src/slack/alerts/forced-kills.ts';
import { createAsking } from '../../../../src/slack/operations/confirmations.ts';
import { createCarrier, createConductor } from '../../../../src/slack/operations/requests.ts';
import type { MessageWriter } from '../../../../src/slack/outbox/writer.ts';
import { createQuestions } from '../../../../src/slack/records/open-confirmations.ts';
import { createMutes } from '../../../../src/watch/alerts/mutes.ts';
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

async function conductorWith({ shown, writer }: ReturnType<typeof createShownWriter>) {
  const team = await createRunningTeam();
  const { operations, journal } = team.records;
  const alerts = createAlerts({
    writer,
    channel: ops,
    lines: 15,
    hostName: 'build-1',
    operations,
    mutes: createMutes(journal),
    log: silentLog,
  });
  const questions = createQuestions({ journal });
  const conductor = createConductor({
    host: team.host,
    writer,
    carrier: createCarrier({
      host: team.host,
      writer,
      alerts,
      operations,
      bootId: 'fake-boot',
      log: silentLog,
    }),
    asking: createAsking({ questions, writer, hostName: 'build-1', rule: 'requester' }),
    locks: createProjectLocks(),
    questions,
    operations,
    lives: async () => false,
    workspace: Promise.resolve({ url: 'https://team.slack.example/' }),
    log: silentLog,
  });
  return { team, conductor, shown };
}

describe('a request', () => {
  afterEach(() => void vi.useRealTimers());

  test('of 50 at once one runs, and 49 get a pointer to it', async () => {
    const { conductor, team, shown } = await conductorWith(createShownWriter());
    team.supervisor.set('shop:pay', { state: 'stopped' });

    const outcomes = await Promise.allSettled(
      Array.from({ length: 50 }, () => conductor.request(asked({ selection: shop }), ana)),
    );

    const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    expect(refused).toHaveLength(49);
    expect(refused.every((error) => error instanceof RefusedError && error.refusal.kind === 'busy')).toBe(
      true,
    );
    expect(shown.at(-1)).toMatch(/Reloaded \*shop\*: .*1 started/);
  });

  test('whose question nobody answers says so in its own message, and does nothing', async () => {
    const { conductor, team, shown } = await conductorWith(createShownWriter());
    vi.useFakeTimers({ toFake: ['setTimeout', 'Date'] });

    await conductor.request(asked({ verb: 'down', selection: shop, text: '/team down shop' }), ana);
    vi.advanceTimersByTime(120_000);

    expect(shown.at(-1)).toBe('Nobody answered in time, so nothing was touched: /team down shop');
    expect(team.supervisor.called('down')).toEqual([]);
  });

  test('whose card took over a minute to arrive is cancelled and says so', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { conductor, team, shown } = await conductorWith(
      createShownWriter(() => vi.advanceTimersByTime(61_000)),
    );

    await conductor.request(asked({ verb: 'drain', selection: shop, text: '/team drain shop' }), ana);

    expect(shown.at(-1)).toMatch(/^Cancelled, nothing was touched: Slack took too long/);
    expect(team.supervisor.called('drain')).toEqual([]);
  });

  test('that is refused frees its project', async () => {
    const { conductor } = await conductorWith(createShownWriter());
    const nobody = asked({ verb: 'drain', selection: { kind: 'agent', id: 'shop:nobody' } });
    await conductor.request(nobody, ana).catch(() => undefined);

    await expect(conductor.request(nobody, ana)).rejects.toMatchObject({
      refusal: { kind: 'unknown-selection' },
    });
  });

  test('that asks holds nothing while it waits for the answer', async () => {
    const { conductor, shown } = await conductorWith(createShownWriter());
    await conductor.request(asked({ verb: 'down', selection: shop }), ana);

    await conductor.request(asked({ verb: 'drain', selection: shop }), ana);

    expect(shown.at(-1)).toMatch(/Drained \*shop\*/);
  });
});
