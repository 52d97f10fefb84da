import { join } from 'node:path';
import { expect, test } from 'vitest';
import { planRequest } from '../../../../src/operations/plan/make-plan.ts';
import { readStatus } from '../../../../src/site/read-status.ts';
import { everyPlant, lay, type Plant } from '../../../fakes/team/plants.ts';
import { asked, createRunningTeam, failures, shopYaml, told } from '../team-under-test.ts';

/** Everything in the tree that a status or a reload reads and that is shop:pay's own, or no agent's. */
const paths = [
  'state/envs/shop-pay.env',
  'state/mcp/shop-pay.json',
  'state/muster/started.json',
  'state/applied.json',
  'roles/pay.md',
  'bin/agent-wrapper.sh',
] as const;

const plantings = paths.flatMap((path) => everyPlant.map((plant): [Plant, string] => [plant, path]));

const yaml = shopYaml.replace('pay: { reports_to', 'pay: { role_prompt: roles/pay.md, reports_to');

/** Such a wrapper is another one, and no trouble. */
const isReadable = (plant: Plant) =>
  plant === 'an empty file from the future' || plant.startsWith('a file for nobody');

async function teamWith(plant: Plant, path: string) {
  const team = await createRunningTeam({ projects: { shop: yaml }, roles: { pay: 'pay' } });
  lay(plant, join(team.root, path));
  return team;
}

test.each(plantings)(
  '%s at %s leaves a status the truth about every agent, and a reload able to start the others',
  async (plant, path) => {
    const team = await teamWith(plant, path);
    team.supervisor.set('shop:cart', { state: 'stopped' });

    const { agents } = await readStatus(team.host, { kind: 'team' });
    const result = await team.run({});

    expect(agents.map(({ id, seen }) => `${id} ${seen.state}`).sort()).toEqual([
      'shop:cart stopped',
      'shop:lead running',
      'shop:pay running',
    ]);
    expect(result.error).toBeUndefined();
    expect(told(result)).toContain('started shop:cart');
    if (path !== 'bin/agent-wrapper.sh' || !isReadable(plant))
      expect(told(result)).not.toContain('draining shop:lead');
    expect(Object.keys(failures(result)).filter((id) => id !== 'shop:pay')).toEqual([]);
  },
);

test.each([
  ['state/applied.json', /state\/applied\.json is a named pipe; expected a regular file: remove it/],
  [
    'state/envs/shop-pay.env',
    /^shop:pay: .*state\/envs\/shop-pay\.env is a named pipe; expected a regular file/,
  ],
  ['roles/pay.md', /role_prompt is "roles\/pay\.md", which is no file/],
])('a named pipe at %s is said in the status', async (path, warning) => {
  const team = await teamWith('a named pipe', path);

  const { warnings } = await readStatus(team.host, { kind: 'team' });

  expect(warnings.join('\n')).toMatch(warning);
});

test('where the snapshot is no file, a reload says that it cannot tell what changed', async () => {
  const team = await teamWith('a directory', 'state/applied.json');

  const { plan } = await planRequest(team.host, asked({}));

  expect(plan.note).toMatch(/^I cannot tell what changed or was removed: .*applied\.json is a directory/);
});
