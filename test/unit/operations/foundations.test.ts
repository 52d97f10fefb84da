import { mkdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { planRequest } from '../../../src/operations/plan/make-plan.ts';
import { readStatus } from '../../../src/site/read-status.ts';
import {
  asked,
  createRunningTeam,
  createTeam,
  shop,
  shopYaml,
  type TeamUnderTest,
} from './team-under-test.ts';

const all = (action: string, ...why: string[]) =>
  ['shop:cart', 'shop:lead', 'shop:pay'].map((id) => [id, action, why]);

async function reloadPlan(team: TeamUnderTest): Promise<unknown[]> {
  return (await team.plan({ selection: shop })).map(({ id, action, why }) => [id, action, why]);
}

const editWrapper = (team: TeamUnderTest) => team.write('bin/agent-wrapper.sh', '#!/bin/sh\nexec my-agent\n');
const robotYaml = shopYaml.replace('cart: {', 'cart: { runtime: robot,');
const robots = (binary: string) => ({
  projects: { shop: robotYaml },
  runtimes: { robot: `binary: ${binary}\n` },
});

describe('a wrapper that is another than the one agents were started with', () => {
  test('has them restarted, once', async () => {
    const team = await createRunningTeam();
    editWrapper(team);

    expect(await reloadPlan(team)).toEqual(all('replace', 'wrapper changed'));
    await team.run({});
    expect(await reloadPlan(team)).toEqual(all('keep'));
  });

  test('is no reason to stop agents that somebody else started', async () => {
    const team = createTeam(
      { projects: { shop: shopYaml } },
      {
        'shop:lead': { state: 'running' },
        'shop:cart': { state: 'running' },
        'shop:pay': { state: 'running' },
      },
    );
    await team.run({});
    editWrapper(team);

    expect(await reloadPlan(team)).toEqual(all('keep'));
  });

  test('is no reason either once teamctl has applied the team, for it may have restarted them', async () => {
    const team = await createRunningTeam();
    editWrapper(team);
    team.write('state/applied.json', `${team.read('state/applied.json')}\n`);

    expect(await reloadPlan(team)).toEqual(all('keep'));
  });

  test('is said of a running agent that is asked to be up', async () => {
    const team = await createRunningTeam();
    editWrapper(team);

    const [step] = await team.plan({ verb: 'up', selection: shop });
    expect(step).toMatchObject({ action: 'leave', why: ['running, needs reload: wrapper changed'] });
  });

  test('leaves no trace in what teamctl reads', async () => {
    const team = await createRunningTeam();
    const before = team.applied();
    editWrapper(team);
    await team.run({});

    expect(team.applied()?.agents).toEqual(before?.agents);
  });
});

describe('the file of a runtime that changed', () => {
  test('has exactly the agents of that runtime restarted, once', async () => {
    const team = await createRunningTeam(robots('robot'));
    team.write('runtimes/robot.yaml', 'binary: robot2\n');

    expect(await reloadPlan(team)).toEqual([
      ['shop:cart', 'replace', ['runtime file changed']],
      ['shop:lead', 'keep', []],
      ['shop:pay', 'keep', []],
    ]);
    await team.run({});
    expect(await reloadPlan(team)).toEqual(all('keep'));
  });

  test('counts also when it is the first file of a runtime that needs none', async () => {
    const team = await createRunningTeam();
    mkdirSync(`${team.root}/runtimes`);
    team.write('runtimes/claude-code.yaml', 'binary: claude-2\n');

    expect(await reloadPlan(team)).toEqual(all('replace', 'runtime file changed'));
  });
});

test('a role prompt and a wrapper that changed are named side by side, teamctl’s label first', async () => {
  const team = await createRunningTeam();
  editWrapper(team);
  team.write('projects/shop.yaml', shopYaml.replace('cart: {', 'cart: { model: opus,'));

  const [step] = await team.plan({ selection: shop });
  expect(step).toMatchObject({ id: 'shop:cart', why: ['env', 'wrapper changed'] });
});

describe('an agent that was started under other settings', () => {
  test('is asked to stop as the runtime it was started with wants to be asked', async () => {
    const team = await createRunningTeam(robots('robot'));
    team.write('projects/shop.yaml', shopYaml);

    const [step] = await team.plan({ selection: shop });
    expect(step).toMatchObject({
      id: 'shop:cart',
      stop: { runtime: 'robot' },
      start: { runtime: 'claude-code' },
    });
  });

  test('has a runtime still when the team does not know the agent any more', async () => {
    const team = await createRunningTeam(robots('robot'));
    team.write('projects/shop.yaml', shopYaml.replace(/^ {2}cart.*\n/m, ''));

    const [step] = await team.plan({ selection: shop });
    expect(step).toMatchObject({ id: 'shop:cart', action: 'remove', stop: { runtime: 'robot' } });
  });
});

describe('what a reload cannot compare with is said', () => {
  const noteOf = async (content: string) => {
    const team = await createRunningTeam();
    team.write('state/applied.json', content);
    return (await planRequest(team.host, asked({ selection: shop }))).plan.note;
  };

  test('of a snapshot of a newer schema', async () => {
    expect(await noteOf('{"schema":3}')).toBe(
      'I cannot tell what changed: state/applied.json has schema 3, newer than 2. With --force all are restarted.',
    );
  });

  test('of a torn snapshot', async () => {
    expect(await noteOf('{"schema":2,')).toContain(
      'I cannot tell what changed or was removed: state/applied.json',
    );
  });
});

test('a runtime whose program the back-end does not find is warned of with the status', async () => {
  const team = await createRunningTeam();
  Object.assign(team.supervisor, { hasProgram: async (name: string) => name !== 'claude' });

  const { warnings } = await readStatus(team.host, { kind: 'team' });
  expect(warnings).toContainEqual(expect.stringContaining('whose program "claude" is not there'));
});
