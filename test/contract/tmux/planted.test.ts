import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { StateChange } from '../../../src/supervisor/supervisor.ts';
import { everyPlant, lay } from '../../fakes/team/plants.ts';
import { createTmuxHarness, type TmuxHarness } from '../../fakes/tmux/tmux-harness.ts';
import { until } from '../../fakes/until.ts';

let harness: TmuxHarness;

beforeEach(() => {
  harness = createTmuxHarness();
});
afterEach(() => harness.stop());

const endsIn = (root: string) => join(root, 'state/muster/ends');

describe('whatever lies where an agent’s end is written down', () => {
  test.each(everyPlant)(
    '%s: it is started, its end is seen, and the others are watched on',
    async (plant) => {
      const [planted, other] = [harness.agent('planted', 'polite'), harness.agent('other', 'polite')];
      const file = join(endsIn(harness.root), `${planted.project}-${planted.agent}`);
      lay(plant, file);
      await Promise.all([harness.supervisor.up(planted), harness.supervisor.up(other)]);
      const changes: StateChange[] = [];
      const watch = harness.supervisor.watch([planted, other], (change) => changes.push(change));
      const last = (id: string) => changes.findLast(({ agent }) => agent === id)?.after.state;
      try {
        await until('both run', () => last(planted.id) === 'running' && last(other.id) === 'running');
        lay(plant, file);

        const observed = await harness.supervisor.observe([planted, other]);
        await harness.kill(planted);
        await until('its end is told', () => last(planted.id) === 'stopped');
        await harness.kill(other);
        await until('the other’s end is told', () => last(other.id) === 'stopped');

        expect([...observed.values()].map(({ state }) => state)).toEqual(['running', 'running']);
      } finally {
        await watch.close();
      }
    },
  );
});
