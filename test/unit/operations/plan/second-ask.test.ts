import { expect, test } from 'vitest';
import { createRunningTeam } from '../team-under-test.ts';

test('an agent is stopped with the second ask of its runtime’s file, also when the team’s files have it no more', async () => {
  const projectOf = (workers: string) =>
    `version: 2\nproject: { id: shop, name: Shop, cwd: . }\nworkers:\n${workers}`;
  const team = await createRunningTeam({
    projects: { shop: projectOf('  pay: { runtime: robot }\n  cart: { runtime: robot }\n  lead: {}\n') },
    runtimes: { robot: 'binary: rob\ndrain: { second_ask: /quit Enter, budget_secs: 45 }\n' },
  });
  team.write('projects/shop.yaml', projectOf('  pay: { runtime: robot }\n  lead: {}\n'));

  const steps = await team.plan({ verb: 'drain' });

  const secondAsk = { keys: ['/quit', 'Enter'], gapMs: 200 };
  expect(Object.fromEntries(steps.map(({ id, stop }) => [id, stop?.secondAsk]))).toEqual({
    'shop:pay': secondAsk,
    'shop:cart': secondAsk,
    'shop:lead': undefined,
  });
});
