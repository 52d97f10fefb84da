import { describe, expect, test } from 'vitest';
import { readStatus } from '../../../src/site/read-status.ts';
import {
  agent,
  createRunningTeam,
  createTeam,
  projectYaml,
  shop,
  shopYaml,
} from '../operations/team-under-test.ts';

const team = { kind: 'team' } as const;
const states = (agents: readonly { id: string; seen: { state: string } }[]) =>
  agents.map(({ id, seen }) => `${id} ${seen.state}`);

describe('status', () => {
  test('asks the back-end once for all agents', async () => {
    const { host, supervisor } = createTeam({ projects: { shop: shopYaml } });

    await readStatus(host, team);

    expect(supervisor.calls).toEqual([{ verb: 'observe', agents: ['shop:lead', 'shop:cart', 'shop:pay'] }]);
  });

  test('says unknown where the back-end cannot be asked, never stopped', async () => {
    const { host } = await createRunningTeam(undefined, {
      'shop:pay': { state: 'unknown', reason: 'no tmux' },
    });

    const { agents } = await readStatus(host, agent('shop:pay'));

    expect(agents[0]?.seen).toEqual({ state: 'unknown', reason: 'no tmux' });
  });

  test('shows an agent that is gone from the team while it runs, and no longer once it has stopped', async () => {
    const under = await createRunningTeam();
    under.write('projects/shop.yaml', projectYaml('shop', 'lead', ['cart']));

    const running = await readStatus(under.host, shop);
    under.supervisor.set('shop:pay', { state: 'stopped' });
    const stopped = await readStatus(under.host, shop);

    expect(running.agents.find(({ id }) => id === 'shop:pay')?.inTeam).toBe(false);
    expect(states(stopped.agents)).toEqual(['shop:lead running', 'shop:cart running']);
  });

  test('of a team that does not load has the complaints and the agents of the snapshot', async () => {
    const under = await createRunningTeam();
    under.write('projects/shop.yaml', 'version: two');

    const status = await readStatus(under.host, team);

    expect(status.complaints[0]).toMatch(/^projects\/shop\.yaml line 1: version is "two"/);
    expect(states(status.agents)).toEqual(['shop:cart running', 'shop:lead running', 'shop:pay running']);
  });

  test('of a team without agents is empty', async () => {
    const { host } = createTeam({ projects: {} });

    expect((await readStatus(host, team)).agents).toEqual([]);
  });

  test('of a project that is not there is refused', async () => {
    const { host } = createTeam({ projects: { shop: shopYaml } });

    await expect(readStatus(host, { kind: 'project', project: 'shp' })).rejects.toMatchObject({
      refusal: { kind: 'unknown-selection', asked: 'shp', known: ['shop'] },
    });
  });
});
