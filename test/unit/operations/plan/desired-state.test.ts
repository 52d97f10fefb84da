import { describe, expect, test } from 'vitest';
import { outside } from '../../../../src/domain/desired-state.ts';
import { newRecords } from '../../journal/journal-under-test.ts';
import { agent, asked, createRunningTeam, shop, shopYaml } from '../team-under-test.ts';

const pay = agent('shop:pay');
const changedPay = shopYaml.replace('pay: {', 'pay: { model: other,');

async function fateOfPay(
  team: Awaited<ReturnType<typeof createRunningTeam>>,
  request: { force?: boolean } = {},
) {
  const steps = await team.plan({ selection: shop, ...request });
  const step = steps.find(({ id }) => id === 'shop:pay');
  return `${step?.action} ${step?.why.join('+')}`.trim();
}

describe('an agent that was taken down through Muster', () => {
  test.each(['down', 'drain'] as const)('by %s is left down by reload, which says by whom', async (verb) => {
    const team = await createRunningTeam();
    await team.run({ verb, selection: pay, askedBy: 'U0BO000000' });

    expect(await fateOfPay(team)).toBe('leave left down by U0BO000000');
  });

  test('is not started by --force either', async () => {
    const team = await createRunningTeam();
    await team.run({ verb: 'down', selection: pay });

    expect(await fateOfPay(team, { force: true })).toMatch(/^leave left down by/);
  });

  test('is left down although its files changed', async () => {
    const team = await createRunningTeam();
    await team.run({ verb: 'down', selection: pay });
    team.write('projects/shop.yaml', changedPay);

    expect(await fateOfPay(team)).toMatch(/^leave left down by/);
  });

  test.each(['up', 'restart'] as const)('is wanted again after %s', async (verb) => {
    const team = await createRunningTeam();
    await team.run({ verb: 'down', selection: pay });
    await team.run({ verb, selection: pay });
    team.supervisor.set('shop:pay', { state: 'stopped' });

    expect(await fateOfPay(team)).toBe('up dead');
  });

  test('and started by hand since is wanted up from then on, by nobody of Muster', async () => {
    const team = await createRunningTeam();
    await team.run({ verb: 'down', selection: pay });
    team.supervisor.set('shop:pay', { state: 'running' });

    expect(await fateOfPay(team)).toBe('keep');
    await team.run({ selection: shop });

    expect(team.records.wanted.of('shop:pay')).toMatchObject({ state: 'up', by: outside });
  });

  test('although it did not run is left down all the same', async () => {
    const team = await createRunningTeam();
    team.supervisor.set('shop:pay', { state: 'stopped' });
    await team.run({ verb: 'down', selection: pay });

    expect(await fateOfPay(team)).toMatch(/^leave left down by/);
  });
});

test('an agent that was stopped by hand is started by reload', async () => {
  const team = await createRunningTeam();
  team.supervisor.set('shop:pay', { state: 'stopped' });

  expect(await fateOfPay(team)).toBe('up dead');
});

test('an agent without any record is wanted up', async () => {
  const team = await createRunningTeam();

  expect(team.records.wanted.of('shop:pay')).toBeUndefined();
  expect(await fateOfPay(team)).toBe('keep');
});

test('an agent that is gone from the team is wanted in no way, once that is on record', () => {
  const { operations, wanted } = newRecords();
  wanted.set(['shop:pay'], 'down', 'U0ANA00000');
  const operation = {
    id: 'O-222222',
    request: asked({ selection: shop }),
    plan: { steps: [] },
    startedAt: new Date(),
  };
  operations.begin(operation);

  operations.record(operation, { kind: 'forgotten', id: 'shop:pay', at: new Date() });

  expect(wanted.of('shop:pay')).toBeUndefined();
});
