import { expect, it } from 'vitest';
import { createSight } from '../../../../src/supervisor/lifecycle/stop-view.ts';
import { growTree } from '../../../../src/supervisor/process/agent-tree.ts';
import { type Process, tableOf } from '../../../../src/supervisor/process/process-table.ts';
import { createInstantClock } from '../../../fakes/instant-clock.ts';
import { foundAgent, specOf } from '../process/found-agents.ts';

it('what an agent forked and ended while its processes were read is found by a second look', async () => {
  const agent: Process = { pid: 12, ppid: 1, sid: 12, startTime: '1', state: 'S', name: 'sh' };
  const child: Process = { ...agent, pid: 13, startTime: '2' };
  // The list of pids was read before the fork, the rest after the end of the parent.
  const tables = [[], [child]];
  const spec = specOf('dev');
  const tree = growTree({ wrapper: spec.wrapper, roots: [agent.pid], barred: new Set() });
  const table = tableOf([agent], () => []);
  const found = { ...foundAgent(spec, 'agent'), members: tree.update(table), table, tree };
  const sight = createSight(found, createInstantClock(), async () => ({
    table: tableOf(tables.shift() ?? [child], () => []),
    at: performance.now(),
  }));

  expect(await sight.survey()).toEqual([child]);
});
