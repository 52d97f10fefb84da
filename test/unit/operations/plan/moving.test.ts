import { describe, expect, test } from 'vitest';
import type { AgentId } from '../../../../src/domain/agent.ts';
import { planRequest } from '../../../../src/operations/plan/make-plan.ts';
import { runOperation } from '../../../../src/operations/run/run-plan.ts';
import { readStatus } from '../../../../src/site/read-status.ts';
import { createRoutedSupervisor } from '../../../../src/supervisor/routed-supervisor.ts';
import { SupervisorError } from '../../../../src/supervisor/supervisor.ts';
import { createFakeSupervisor, type FakeSupervisor } from '../../../fakes/fake-supervisor.ts';
import {
  agent,
  asked,
  createRunningTeam,
  failures,
  offRecord,
  shop,
  shopYaml,
  type TeamUnderTest,
  told,
} from '../team-under-test.ts';

const ids: readonly AgentId[] = ['shop:cart', 'shop:lead', 'shop:pay'];
const all = (action: string, ...why: string[]) => ids.map((id) => [id, action, why]);

interface MovedTeam extends TeamUnderTest {
  readonly tmux: FakeSupervisor;
  readonly systemd: FakeSupervisor;
  asksFor(backend: string): void;
  /** `id back-end` of all that run. */
  running(): readonly string[];
}

/** Its agents run in tmux, and its file asks for systemd by now. */
async function moved(): Promise<MovedTeam> {
  const team = await createRunningTeam();
  const { supervisor: tmux } = team;
  const systemd = createFakeSupervisor({ pollMs: 2 });
  const open = (name: string) => {
    if (name === 'tmux') return neverTwo(tmux, systemd);
    if (name === 'systemd') return neverTwo(systemd, tmux);
    throw new SupervisorError(`it was started on ${name}, which this Muster does not know`);
  };
  Object.assign(team.host, {
    supervisor: createRoutedSupervisor(open),
    supervisorTypes: ['tmux', 'systemd'],
  });
  const asksFor = (type: string) =>
    team.write(
      'team-compose.yaml',
      `version: 2\nsupervisor: { type: ${type} }\nprojects:\n  - file: projects/shop.yaml\n`,
    );
  asksFor('systemd');
  return {
    ...team,
    tmux,
    systemd,
    asksFor,
    running: () =>
      ids.flatMap((id) => [
        ...(tmux.incarnation(id) ? [`${id} tmux`] : []),
        ...(systemd.incarnation(id) ? [`${id} systemd`] : []),
      ]),
  };
}

/** Throws where an agent is started that the other one still runs. */
function neverTwo(one: FakeSupervisor, other: FakeSupervisor): FakeSupervisor {
  return {
    ...one,
    async up(spec) {
      if (other.incarnation(spec.id) !== undefined) throw new Error(`${spec.id} would run twice`);
      await one.up(spec);
    },
  };
}

async function reloadPlan(team: TeamUnderTest): Promise<unknown[]> {
  return (await team.plan({ selection: shop })).map(({ id, action, why }) => [id, action, why]);
}

const on = (backend: string) => ids.map((id) => `${id} ${backend}`);

describe('a team that asks for another back-end than its agents were started on', () => {
  test('has each of them stopped on the old one and started on the new one, once', async () => {
    const team = await moved();
    expect(await reloadPlan(team)).toEqual(all('replace', 'supervisor'));
    const run = await team.run({});

    expect(failures(run)).toEqual({});
    expect(team.running()).toEqual(on('systemd'));
    expect(team.tmux.called('drain').toSorted()).toEqual(ids);
    expect(await reloadPlan(team)).toEqual(all('keep'));
  });

  test('and back', async () => {
    const team = await moved();
    await team.run({});
    team.asksFor('tmux');
    expect(await reloadPlan(team)).toEqual(all('replace', 'supervisor'));
    const run = await team.run({});

    expect(failures(run)).toEqual({});
    expect(team.running()).toEqual(on('tmux'));
  });

  test('has those that moved not moved again when others could not be', async () => {
    const team = await moved();
    team.tmux.set('shop:pay', { fails: { drain: 'it hangs' } });
    await team.run({});

    expect(await reloadPlan(team)).toEqual([
      ['shop:cart', 'keep', []],
      ['shop:lead', 'keep', []],
      ['shop:pay', 'replace', ['supervisor']],
    ]);
    expect(team.running()).toEqual(['shop:cart systemd', 'shop:lead systemd', 'shop:pay tmux']);
  });

  test('has one that was stopped and could not be started there started there by the next reload', async () => {
    const team = await moved();
    team.systemd.set('shop:pay', { upFails: 'no room' });
    expect(failures(await team.run({}))).toEqual({ 'shop:pay': 'no room' });
    team.systemd.set('shop:pay', { upFails: '' });

    expect((await reloadPlan(team)).at(-1)).toEqual(['shop:pay', 'up', ['supervisor', 'dead']]);
  });

  test('has nothing stopped while the new one cannot be asked', async () => {
    const team = await moved();
    for (const id of ids) team.systemd.set(id, { state: 'unknown', reason: 'no bus' });
    const run = await team.run({});

    expect(told(run)).toEqual([]);
    expect(team.running()).toEqual(on('tmux'));
    expect(await reloadPlan(team)).toEqual(
      all('leave', 'runs on tmux and is not moved, for systemd cannot be asked: no bus'),
    );
  });

  test('has no agent stopped of which something runs on the new one', async () => {
    const team = await moved();
    team.systemd.set('shop:pay', { state: 'running' });
    await team.run({});

    expect(team.tmux.called('drain').toSorted()).toEqual(['shop:cart', 'shop:lead']);
    expect((await reloadPlan(team)).at(-1)).toEqual([
      'shop:pay',
      'leave',
      ['runs on tmux, and something of its name runs on systemd: stop that first'],
    ]);
  });

  test('has nothing started while the old one cannot be asked', async () => {
    const team = await moved();
    for (const id of ids) team.tmux.set(id, { state: 'unknown', reason: 'tmux hangs' });
    await team.run({ force: true });

    expect(team.systemd.called('up')).toEqual([]);
    expect(await reloadPlan(team)).toEqual(all('leave', 'unknown: tmux hangs'));
  });

  test('has agents that are gone from it stopped where they were started', async () => {
    const team = await moved();
    team.write('projects/shop.yaml', shopYaml.replace(/^ {2}pay.*\n/m, ''));
    await team.run({});

    expect(team.tmux.called('drain')).toContain('shop:pay');
    expect(team.running()).toEqual(['shop:cart systemd', 'shop:lead systemd']);
  });

  test.each(['down', 'drain'] as const)('has %s reach them where they were started', async (verb) => {
    const team = await moved();
    await team.run({ verb, selection: agent('shop:pay') });

    expect(team.tmux.called(verb)).toEqual(['shop:pay']);
    expect(team.systemd.calls.filter((call) => call.verb !== 'observe')).toEqual([]);
    expect(team.running()).toEqual(['shop:cart tmux', 'shop:lead tmux']);
  });

  test('has restart move the one that is asked for, and no other', async () => {
    const team = await moved();
    await team.run({ verb: 'restart', selection: agent('shop:pay') });

    expect(team.running()).toEqual(['shop:cart tmux', 'shop:lead tmux', 'shop:pay systemd']);
  });

  test('is said so with the status, which shows them where they run', async () => {
    const team = await moved();
    const { agents, warnings } = await readStatus(team.host, shop);

    expect(agents.map(({ seen }) => seen.state)).toEqual(['running', 'running', 'running']);
    expect(warnings).toEqual([
      '3 agents are on tmux, where they were started, and the team asks for systemd: reload moves them',
    ]);
    await team.run({ selection: agent('shop:cart') });
    await team.run({ selection: agent('shop:lead') });
    expect((await readStatus(team.host, shop)).warnings).toEqual([
      'shop:pay is on tmux, where it was started, and the team asks for systemd: reload moves it',
    ]);
    await team.run({});
    expect((await readStatus(team.host, shop)).warnings).toEqual([]);
  });
});

describe('up, of an agent that was started on another back-end', () => {
  const stepOf = async (team: TeamUnderTest) =>
    (await team.plan({ verb: 'up', selection: agent('shop:pay') })).at(0);

  test('leaves it to reload if it is dead', async () => {
    const team = await moved();
    team.tmux.die('shop:pay');

    const step = await stepOf(team);
    expect(step).toMatchObject({ action: 'leave', why: ['was started on tmux: reload moves it'] });
  });

  test('leaves it to reload while its loop waits there, and would start it again', async () => {
    const team = await moved();
    team.tmux.set('shop:pay', { state: 'restarting', nextStartAt: new Date() });

    const step = await stepOf(team);
    expect(step).toMatchObject({ action: 'leave', why: ['was started on tmux: reload moves it'] });
    expect(await team.plan({ selection: agent('shop:pay') })).toMatchObject([
      { action: 'replace', stop: { backend: 'tmux' }, start: { backend: 'systemd' } },
    ]);
  });

  test('leaves it to restart if somebody took it down', async () => {
    const team = await moved();
    await team.run({ verb: 'down', selection: agent('shop:pay') });

    expect(await stepOf(team)).toMatchObject({
      action: 'leave',
      why: ['was started on tmux: restart moves it'],
    });
    await team.run({ verb: 'restart', selection: agent('shop:pay') });
    expect(team.running()).toContain('shop:pay systemd');
  });

  test('says what runs where', async () => {
    const team = await moved();
    team.tmux.die('shop:pay');
    team.systemd.set('shop:pay', { state: 'running' });

    expect(await stepOf(team)).toMatchObject({
      action: 'leave',
      why: ['was started on tmux, and something of its name runs on systemd: stop that first'],
    });
  });
});

test('an agent that was started on a back-end nobody knows is unknown, and stays as it is', async () => {
  const team = await moved();
  team.write(
    'state/applied.json',
    team.read('state/applied.json').replace('"supervisor_type": "tmux"', '"supervisor_type": "docker"'),
  );
  const run = await team.run({ force: true });

  expect(told(run)).toEqual([]);
  expect(await reloadPlan(team)).toEqual(
    all('leave', 'unknown: it was started on docker, which this Muster does not know'),
  );
});

test('one that a dead Muster was moving is recorded where it was started, whatever the team asks for by then', async () => {
  const team = await moved();
  const { plan } = await planRequest(team.host, asked({ selection: agent('shop:pay') }));
  team.tmux.die('shop:pay');
  team.asksFor('tmux');

  const { situation } = await planRequest(team.host, asked({ selection: agent('shop:pay') }));
  const phase = { kind: 'waiting-to-start' } as const;
  const earlier = new Map(plan.steps.map((step) => [step.id, { step, phase }]));
  await runOperation({ plan }, situation, { ...offRecord(), earlier }).finished;
  expect(team.running()).toContain('shop:pay systemd');
  expect((await reloadPlan(team)).at(-1)).toEqual(['shop:pay', 'replace', ['supervisor']]);
  await team.run({});
  expect(team.running()).toEqual(on('tmux'));
});

test('what is to be stopped is in the plan with its back-end, for whoever has to take it up', async () => {
  const team = await moved();
  const { plan } = await planRequest(team.host, asked({ selection: agent('shop:pay') }));

  expect(JSON.parse(JSON.stringify(plan.steps))).toMatchObject([
    { stop: { backend: 'tmux' }, start: { backend: 'systemd' } },
  ]);
});
