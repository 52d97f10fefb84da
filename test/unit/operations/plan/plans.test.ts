import { describe, expect, test } from 'vitest';
import { askReason } from '../../../../src/domain/confirmation.ts';
import type { Request } from '../../../../src/domain/operation.ts';
import type { Step } from '../../../../src/domain/plan.ts';
import { RefusedError } from '../../../../src/domain/refusal.ts';
import { planRequest } from '../../../../src/operations/plan/make-plan.ts';
import {
  agent,
  asked,
  createRunningTeam,
  createTeam,
  projectYaml,
  shop,
  shopYaml,
  type TeamUnderTest,
  told,
} from '../team-under-test.ts';

type State = 'running' | 'outlived' | 'stopped' | 'restarting' | 'unknown';
type Change = 'same' | 'changed' | 'new' | 'removed';

/** `shop:pay` in this state and with this change, among neighbours that run unchanged. */
async function shopWithPay(state: State, change: Change): Promise<TeamUnderTest> {
  const before = change === 'new' ? projectYaml('shop', 'lead', ['cart']) : shopYaml;
  const team = await createRunningTeam({ projects: { shop: before } });
  const after = {
    same: shopYaml,
    changed: shopYaml.replace('pay: {', 'pay: { model: other,'),
    new: shopYaml,
    removed: projectYaml('shop', 'lead', ['cart']),
  };
  team.write('projects/shop.yaml', after[change]);
  const known = state === 'outlived' ? ({ state: 'running', outlived: true } as const) : { state };
  team.supervisor.set('shop:pay', { ...known, reason: 'tmux did not answer' });
  return team;
}

/** `action: reasons`, then what is stopped and started. */
function words(steps: readonly Step[]): string {
  const step = steps.find(({ id }) => id === 'shop:pay');
  if (step === undefined) return 'not in the plan';
  const does = [...(step.stop ? ['stops'] : []), ...(step.start ? ['starts'] : [])];
  return [`${step.action}: ${step.why.join('+')}`, ...does].join(' | ');
}

async function planFor(state: State, change: Change, request: Partial<Request>): Promise<string> {
  const team = await shopWithPay(state, change);
  const planned = words(await team.plan({ selection: shop, ...request }));
  return planned.replace(`pid ${team.supervisor.incarnation('shop:pay')?.pid} `, 'pid N ');
}

const obstacle = 'leave: pid N has outlived its session: drain ends it, restart ends it and starts it anew';

describe('reload', () => {
  test.each<[State, Change, string]>([
    ['running', 'same', 'keep: '],
    ['running', 'changed', 'replace: env | stops | starts'],
    ['running', 'new', 'adopt: adopted | starts'],
    ['running', 'removed', 'remove: gone from the team | stops'],
    ['outlived', 'same', obstacle],
    ['outlived', 'changed', 'replace: env | stops | starts'],
    ['outlived', 'new', obstacle],
    ['outlived', 'removed', 'remove: gone from the team | stops'],
    ['stopped', 'same', 'up: dead | starts'],
    ['stopped', 'changed', 'up: env+dead | starts'],
    ['stopped', 'new', 'up: new | starts'],
    ['stopped', 'removed', 'remove: gone from the team'],
    ['restarting', 'same', 'keep: '],
    ['restarting', 'changed', 'replace: env | stops | starts'],
    ['restarting', 'removed', 'remove: gone from the team | stops'],
    ['unknown', 'same', 'leave: unknown: tmux did not answer'],
    ['unknown', 'changed', 'leave: unknown: tmux did not answer'],
    ['unknown', 'new', 'leave: unknown: tmux did not answer'],
    ['unknown', 'removed', 'leave: unknown: tmux did not answer'],
  ])('of an agent that is %s and %s', async (state, change, expected) => {
    expect(await planFor(state, change, { verb: 'reload' })).toBe(expected);
  });

  test.each<[State, Change, string]>([
    ['running', 'same', 'replace: forced | stops | starts'],
    ['running', 'changed', 'replace: env+forced | stops | starts'],
    ['stopped', 'same', 'up: dead | starts'],
    ['restarting', 'same', 'replace: forced | stops | starts'],
    ['unknown', 'same', 'leave: unknown: tmux did not answer'],
  ])('by force of an agent that is %s and %s', async (state, change, expected) => {
    expect(await planFor(state, change, { verb: 'reload', force: true })).toBe(expected);
  });

  test('gives each agent the budget of the team', async () => {
    const team = createTeam({ projects: { shop: shopYaml } });

    const steps = await team.plan({});

    expect(steps.map(({ budgetMs }) => budgetMs)).toEqual([10_000, 10_000, 10_000]);
  });

  test('counts how many managers stand above an agent', async () => {
    const team = createTeam({
      projects: {
        shop: 'version: 2\nproject: { id: shop, name: S, cwd: . }\nmanagers:\n  boss:\n  lead: { reports_to: boss }\nworkers:\n  pay: { reports_to: lead }\n  temp:\n',
      },
    });

    const steps = await team.plan({});

    expect(Object.fromEntries(steps.map(({ id, depth }) => [id, depth]))).toEqual({
      'shop:boss': 0,
      'shop:lead': 1,
      'shop:pay': 2,
      'shop:temp': 1,
    });
  });
});

describe('up', () => {
  test.each<[State, Change, string]>([
    ['running', 'same', 'keep: running'],
    ['running', 'changed', 'leave: running, needs reload: env'],
    ['running', 'removed', "leave: gone from the team's files"],
    ['outlived', 'same', obstacle],
    ['outlived', 'changed', obstacle],
    ['stopped', 'same', 'up: dead | starts'],
    ['stopped', 'changed', 'up: env+dead | starts'],
    ['stopped', 'new', 'up: new | starts'],
    ['stopped', 'removed', "leave: gone from the team's files"],
    ['restarting', 'same', 'leave: its own loop is about to start it again'],
    ['unknown', 'same', 'leave: unknown: tmux did not answer'],
  ])('of an agent that is %s and %s', async (state, change, expected) => {
    expect(await planFor(state, change, { verb: 'up' })).toBe(expected);
  });

  test('leaves an agent alone whose session name another agent still has', async () => {
    const team = await createRunningTeam({ projects: { 'a-b': projectYaml('a-b', 'c', []) } });
    team.write('team-compose.yaml', 'version: 2\nprojects:\n  - file: projects/a.yaml\n');
    team.write('projects/a.yaml', projectYaml('a', 'b-c', []));
    team.supervisor.set('a:b-c', { state: 'running' });

    const [step] = await team.plan({ verb: 'up', selection: agent('a:b-c') });

    expect(step).toMatchObject({ action: 'leave', why: ['a-b:c still has its session name'] });
  });
});

test.each(['up', 'reload'] as const)('%s starts at once an agent of which the loop waits', async (verb) => {
  const team = await shopWithPay('restarting', 'same');
  team.supervisor.set('shop:pay', { state: 'restarting', nextStartAt: new Date() });

  expect(words(await team.plan({ verb, selection: shop }))).toBe('up: its own loop waits | starts');
});

test('up leaves to reload an agent whose loop waits under the session name that it had before', async () => {
  const team = await shopWithPay('restarting', 'same');
  team.supervisor.set('shop:pay', { state: 'restarting', nextStartAt: new Date() });
  team.write(
    'team-compose.yaml',
    'version: 2\nsupervisor: { tmux_prefix: new- }\nprojects:\n  - file: projects/shop.yaml\n',
  );

  expect(words(await team.plan({ verb: 'up', selection: shop }))).toBe(
    'leave: its own loop is still in the session a-shop-pay: reload ends it',
  );
  expect(words(await team.plan({ selection: shop }))).toBe('replace: env | stops | starts');
});

describe('restart', () => {
  test.each<[State, Change, string]>([
    ['running', 'same', 'replace:  | stops | starts'],
    ['running', 'changed', 'replace: env | stops | starts'],
    ['running', 'new', 'replace:  | stops | starts'],
    ['running', 'removed', "leave: gone from the team's files"],
    ['stopped', 'same', 'up: dead | starts'],
    ['stopped', 'changed', 'up: env+dead | starts'],
    ['stopped', 'new', 'up: new | starts'],
    ['stopped', 'removed', "leave: gone from the team's files"],
    ['restarting', 'same', 'replace:  | stops | starts'],
    ['unknown', 'same', 'leave: unknown: tmux did not answer'],
  ])('of an agent that is %s and %s', async (state, change, expected) => {
    expect(await planFor(state, change, { verb: 'restart', selection: agent('shop:pay') })).toBe(expected);
  });

  test('drains first, and starts with the files as they are by then', async () => {
    const team = await shopWithPay('running', 'changed');

    const run = await team.run({ verb: 'restart', selection: agent('shop:pay') });

    expect(told(run)).toEqual([
      'draining shop:pay',
      'drained shop:pay',
      'starting shop:pay',
      'started shop:pay',
    ]);
    expect(team.read('state/envs/shop-pay.env')).toContain('MODEL=other');
    expect(await team.plan({ selection: agent('shop:pay') })).toMatchObject([{ action: 'keep' }]);
  });

  test('touches nobody else, whatever changed about the others', async () => {
    const team = await createRunningTeam();
    team.write('projects/shop.yaml', shopYaml.replace('cart: {', 'cart: { model: other,'));

    const run = await team.run({ verb: 'restart', selection: agent('shop:pay') });

    expect(new Set(run.events.map(({ id }) => id))).toEqual(new Set(['shop:pay']));
    expect(await team.plan({ selection: agent('shop:cart') })).toMatchObject([{ why: ['env'] }]);
  });

  test('with a budget of zero asks first', async () => {
    const team = await createRunningTeam();
    team.write(
      'team-compose.yaml',
      `${team.read('team-compose.yaml')}supervisor: { drain_timeout_secs: 0 }\n`,
    );
    const request = asked({ verb: 'restart', selection: agent('shop:pay') });

    const { plan } = await planRequest(team.host, request);

    expect(askReason(request, plan)).toBe('zero-budget');
  });
});

describe('down and drain', () => {
  test.each<[State, Change, string]>([
    ['running', 'same', 'X:  | stops'],
    ['running', 'changed', 'X:  | stops'],
    ['running', 'new', 'X:  | stops'],
    ['running', 'removed', 'X:  | stops'],
    ['stopped', 'same', 'keep: already stopped'],
    ['stopped', 'removed', 'keep: already stopped'],
    ['restarting', 'same', 'X: restarting | stops'],
    ['unknown', 'same', 'X: unknown: tmux did not answer | stops'],
  ])('of an agent that is %s and %s', async (state, change, expected) => {
    expect(await planFor(state, change, { verb: 'down' })).toBe(expected.replace('X', 'down'));
    expect(await planFor(state, change, { verb: 'drain' })).toBe(expected.replace('X', 'drain'));
  });

  test('a drain takes the budget that the person gave before the team’s', async () => {
    const team = await createRunningTeam();

    const [own] = await team.plan({ verb: 'drain', selection: agent('shop:pay'), budgetMs: 45_000 });
    const [ofTeam] = await team.plan({ verb: 'drain', selection: agent('shop:pay') });

    expect([own?.budgetMs, ofTeam?.budgetMs]).toEqual([45_000, 10_000]);
  });

  test('a runtime’s own budget goes before the team’s', async () => {
    const team = await createRunningTeam({
      projects: {
        shop: 'version: 2\nproject: { id: shop, name: S, cwd: . }\nmanagers:\n  lead: { runtime: robot }\n',
      },
      runtimes: { robot: 'binary: robot\ndrain: { budget_secs: 90 }\n' },
    });

    const [step] = await team.plan({ verb: 'drain', selection: shop });

    expect(step?.budgetMs).toBe(90_000);
  });

  test('what somebody gave an agent for the next times goes before its runtime’s and the team’s, not before what is said now', async () => {
    const team = await createRunningTeam({
      projects: { shop: shopYaml.replace('  pay: { ', '  pay: { runtime: robot, ') },
      runtimes: { robot: 'binary: robot\ndrain: { budget_secs: 90 }\n' },
    });
    const pay = { verb: 'drain', selection: agent('shop:pay') } as const;
    team.records.drainBudgets.set('shop:pay', 45_000, 'U0ANA00000');

    const [stored] = await team.plan(pay);
    const [now] = await team.plan({ ...pay, budgetMs: 5_000 });
    const [other] = await team.plan({ verb: 'drain', selection: agent('shop:cart') });

    expect([stored, now, other].map((step) => step?.budgetMs)).toEqual([45_000, 5_000, 10_000]);
  });

  test('a down says what a drain would have cost', async () => {
    const team = await createRunningTeam();

    const steps = await team.plan({ verb: 'down', selection: shop });

    expect(steps.map(({ budgetMs }) => budgetMs)).toEqual([10_000, 10_000, 10_000]);
  });

  test('touch nobody but the agents named', async () => {
    const team = await createRunningTeam({
      projects: { shop: shopYaml, shop2: projectYaml('shop2', 'lead', ['pay']) },
    });

    const steps = await team.plan({ verb: 'down', selection: shop });

    expect(steps.map(({ id }) => id)).toEqual(['shop:lead', 'shop:cart', 'shop:pay']);
  });

  test('stop an agent under the name it was started with', async () => {
    const team = await createRunningTeam();
    team.write('team-compose.yaml', `${team.read('team-compose.yaml')}supervisor: { tmux_prefix: new- }\n`);

    const [step] = await team.plan({ verb: 'drain', selection: agent('shop:pay') });

    expect(step?.stop?.session).toBe('a-shop-pay');
  });
});

describe('a team that does not load', () => {
  const broken = shopYaml.replace('lead:', 'lead: { effort: hgih }');

  test.each(['down', 'drain'] as const)('can be stopped from the snapshot: %s', async (verb) => {
    const team = await createRunningTeam();
    team.write('projects/shop.yaml', broken);

    const result = await team.run({ verb, selection: shop });

    expect([...team.supervisor.called(verb)].sort()).toEqual(['shop:cart', 'shop:lead', 'shop:pay']);
    expect(result.error).toBeUndefined();
  });

  test.each(['up', 'reload', 'restart'] as const)(
    'refuses %s with the file, the line and what is expected',
    async (verb) => {
      const team = await createRunningTeam();
      team.write('projects/shop.yaml', broken);

      const refused = await team.plan({ verb, selection: shop }).catch((error: unknown) => error);

      expect(refused).toBeInstanceOf(RefusedError);
      expect(refused).toMatchObject({
        refusal: {
          kind: 'team-does-not-load',
          complaints: [
            'projects/shop.yaml line 4: managers.lead.effort is "hgih"; it must be low, medium, high, xhigh or max.',
          ],
        },
      });
    },
  );

  test('that was never started says what is wrong, not that there is no such project', async () => {
    const team = createTeam({ projects: { shop: broken } });

    await expect(team.plan({ verb: 'up', selection: shop })).rejects.toMatchObject({
      refusal: { kind: 'team-does-not-load' },
    });
  });
});

test('a project or agent that is not there is refused with the names there are', async () => {
  const team = createTeam({ projects: { shop: shopYaml } });

  await expect(team.plan({ selection: agent('shop:pya') })).rejects.toMatchObject({
    refusal: { kind: 'unknown-selection', asked: 'shop:pya', known: ['shop:lead', 'shop:cart', 'shop:pay'] },
  });
  await expect(team.plan({ selection: { kind: 'project', project: 'shp' } })).rejects.toMatchObject({
    refusal: { kind: 'unknown-selection', asked: 'shp', known: ['shop'] },
  });
});

test('planning touches nothing', async () => {
  const team = createTeam({ projects: { shop: shopYaml } });

  await team.plan({ force: true });

  expect(team.supervisor.calls.map(({ verb }) => verb)).toEqual(['observe']);
  expect(team.applied()).toBeUndefined();
});
