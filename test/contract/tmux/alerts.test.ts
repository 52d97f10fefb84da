import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AgentSpec } from '../../../src/domain/agent.ts';
import type { Alert } from '../../../src/domain/alert.ts';
import { type Journal, openJournal } from '../../../src/journal/journal.ts';
import { createWanted } from '../../../src/operations/records/desired-state.ts';
import type { Watch } from '../../../src/supervisor/supervisor.ts';
import { systemTimers } from '../../../src/timers.ts';
import { createKeeper, type Keeper } from '../../../src/watch/alerting.ts';
import { createOwnWork } from '../../../src/watch/changes/own-operations.ts';
import { createTmuxHarness, type TmuxHarness } from '../../fakes/tmux/tmux-harness.ts';
import { until } from '../../fakes/until.ts';

let harness: TmuxHarness;
let journal: Journal;
let keeper: Keeper;
let watch: Watch;
let alerts: Alert[];

beforeEach(() => {
  harness = createTmuxHarness();
  journal = openJournal(harness.server.directory);
  alerts = [];
});

afterEach(async () => {
  await watch.close();
  keeper.end();
  journal.close();
  await harness.stop();
});

/** So many agents that run, with a keeper that knows it. */
async function watched(names: readonly string[], program: string): Promise<readonly AgentSpec[]> {
  const agents = names.map((name) => harness.agent(name, program));
  await Promise.all(agents.map((agent) => harness.supervisor.up(agent)));
  for (const agent of agents) await until(`${agent.id} is ready`, () => harness.isReady(agent));
  let lastId = 0;
  keeper = createKeeper({
    journal,
    wanted: createWanted(journal),
    work: createOwnWork(journal),
    timers: systemTimers,
    isSameBoot: () => true,
    newAlertId: () => `A-${++lastId}`,
    memoryKills: () => 0,
    onAlert: (alert) => alerts.push(alert),
    onMuteOver: () => undefined,
    onError: (error) => {
      throw error;
    },
  });
  watch = harness.supervisor.watch(agents, keeper.see);
  await until('all are known to run', () => {
    const rows = journal.run((database) => database.prepare('select known from watched').all());
    return rows.filter(({ known }) => String(known).includes('"running"')).length === agents.length;
  });
  return agents;
}

const tenNames = Array.from({ length: 10 }, (_, number) => `agent-${number}`);

describe('alerts about agents in tmux', () => {
  test('ten agents that go down with the server are one message, which names it as the cause', async () => {
    const agents = await watched(tenNames, 'polite');
    await harness.server.tmux('kill-server');

    await until('all are in an alert', () => alerts.at(-1)?.agents.length === agents.length);
    expect(new Set(alerts.map(({ id }) => id)).size).toBe(1);
    expect(alerts.at(-1)?.cause).toEqual({ kind: 'server-gone', agents: 10 });
  });

  test('an agent whose session somebody closes was stopped outside Muster', async () => {
    const [agent] = await watched(['pay', 'cart'], 'echo $$ >$0.pid; exec sleep 1000');
    if (agent) await harness.kill(agent);

    await until('there is an alert', () => alerts.length > 0);
    expect(alerts[0]?.agents).toMatchObject([{ id: 'shop:pay', death: { kind: 'stopped-outside' } }]);
  });

  test('an agent that ends with an exit code has died, and its loop brings it back', async () => {
    const [agent] = await watched(
      ['pay', 'cart'],
      'trap "exit 3" USR1; echo $$ >$0.pid; while :; do sleep 0.05; done',
    );
    process.kill(Number(agent && harness.pidOf(agent)), 'SIGUSR1');

    const resolved = await until('the alert is resolved', () => alerts.find(({ resolvedAt }) => resolvedAt));
    expect(resolved.agents).toMatchObject([
      {
        id: 'shop:pay',
        deaths: 1,
        death: { kind: 'died', end: { kind: 'exited', code: 3 }, restarts: true },
        back: { by: 'loop' },
      },
    ]);
    expect(new Set(alerts.map(({ id }) => id)).size).toBe(1);
  });
});
