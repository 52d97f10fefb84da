import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AgentId } from '../../../src/domain/agent.ts';
import type { Alert } from '../../../src/domain/alert.ts';
import { newId, type Request } from '../../../src/domain/operation.ts';
import { whySentences } from '../../../src/language/why.ts';
import { noteIntentions } from '../../../src/operations/note-desired-state.ts';
import { planRequest } from '../../../src/operations/plan/make-plan.ts';
import { createDrainBudgets } from '../../../src/operations/records/drain-budgets.ts';
import { runOperation } from '../../../src/operations/run/run-plan.ts';
import { readWhy } from '../../../src/site/read-why.ts';
import { createWatcher, type Watcher } from '../../../src/watch/watcher.ts';
import { until } from '../../fakes/until.ts';
import { agent, asked, createTeam, shopYaml, type TeamUnderTest } from '../operations/team-under-test.ts';
import { exited } from './watch-under-test.ts';

let team: TeamUnderTest;
let watcher: Watcher;
let alerts: Alert[];

beforeEach(async () => {
  team = createTeam(
    { projects: { shop: shopYaml }, roles: {} },
    {
      'shop:lead': { state: 'running' },
      'shop:cart': { state: 'running' },
      'shop:pay': { state: 'running', drain: 'stubborn' },
    },
  );
  alerts = [];
  watcher = createWatcher({
    host: team.host,
    journal: team.records.journal,
    onAlert: (alert) => alerts.push(alert),
    onMuteOver: () => undefined,
    onError: (error) => {
      throw error;
    },
  });
  await watcher.start();
  await until('all are known', () => knownAs('shop:lead', 'running') && knownAs('shop:pay', 'running'));
});

afterEach(() => watcher.stop());

/** What the watch has made of the agent so far. */
function knownAs(id: AgentId, state: string): boolean {
  const row = team.records.journal.run((database) =>
    database.prepare('select known from watched where agent = ?').get(id),
  );
  return String(row?.known).includes(`"state":"${state}"`);
}

async function carriesOut(request: Partial<Request>): Promise<void> {
  const { plan, situation } = await planRequest(team.host, asked(request));
  const operation = { id: newId('O'), request: asked(request), plan, startedAt: new Date() };
  const { operations, wanted } = team.records;
  operations.begin(operation);
  noteIntentions({ plan, situation }, wanted);
  const record = (event: Parameters<typeof operations.record>[1]) => operations.record(operation, event);
  await runOperation(operation, situation, { record, emit: () => undefined }).finished;
  operations.finish(operation, { at: new Date() });
}

describe('an operation of Muster', () => {
  test('that drains, kills and starts agents is no news to the watcher', async () => {
    await carriesOut({ verb: 'restart', selection: agent('shop:pay'), budgetMs: 50 });
    await carriesOut({ verb: 'drain', selection: agent('shop:cart') });
    await until('the watcher has seen it', () => knownAs('shop:cart', 'stopped'));
    // The sequel of which is told, and so all that came before it was looked at.
    team.supervisor.die('shop:lead', exited(3, Date.now()));
    await until('there is an alert', () => alerts.length > 0);

    expect(new Set(alerts.flatMap(({ agents }) => agents.map(({ id }) => id)))).toEqual(
      new Set(['shop:lead']),
    );
  });

  test('is part of why an agent is as it is', async () => {
    await carriesOut({
      verb: 'drain',
      selection: agent('shop:pay'),
      budgetMs: 50,
      text: '/team drain shop:pay',
    });
    createDrainBudgets(team.records.journal).set('shop:pay', 45_000, 'U0ANA00000');
    const sources = {
      host: team.host,
      log: team.records.operations,
      wanted: team.records.wanted,
      budgets: createDrainBudgets(team.records.journal),
      crashLoops: watcher.crashLoops,
      mutes: watcher.mutes,
    };
    const facts = await readWhy(sources, 'shop:pay', 10_000);
    const sentences = whySentences(facts, {
      person: (id) => `@${id}`,
      moment: () => 'then',
      lasting: (ms) => `${Math.round(ms / 1000)} s`,
      quoted: (text) => text,
      name: (id) => id,
      linked: (words) => words,
    }).join('\n');

    expect(sentences).toContain('shop:pay is stopped.');
    expect(sentences).toContain('It is wanted down, by @U0ANA00000 since then.');
    expect(sentences).toMatch(
      /The last operation on it was \/team drain shop:pay by @U0ANA00000 at then \(O-\w+\): killed/,
    );
    expect(sentences).toMatch(/it had to be killed \(TimedOutKilled\): .*receipt R-\w+-1\./);
    expect(sentences).toContain('It gets 45 s to stop, by @U0ANA00000 at then');
  });
});
