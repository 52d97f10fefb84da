import { expect, test } from 'vitest';
import { trouble } from '../../../../src/language/status.ts';
import { pagesOf } from '../../../../src/slack/cards/status-rows.ts';

test('an agent that has outlived its session is told with its pid, among the trouble', () => {
  const asOf = new Date();
  const incarnation = { pid: 4711, startTime: '1', bootId: 'b' };
  const seen = { state: 'running', incarnation, since: asOf, outlived: true } as const;
  const agent = { id: 'shop:pay', project: 'shop', seen, inTeam: true } as const;

  const [page] = pagesOf([agent], asOf);

  expect(JSON.stringify(page?.rows)).toContain('pid 4711 has outlived its session: drain ends it');
  expect(trouble(agent)).toBeGreaterThan(0);
});
