import { expect, it } from 'vitest';
import type { Observation } from '../../../../src/domain/observation.ts';
import { type Look, watchByPolling } from '../../../../src/supervisor/lifecycle/watch-by-polling.ts';
import type { StateChange } from '../../../../src/supervisor/supervisor.ts';
import { createInstantClock } from '../../../fakes/instant-clock.ts';
import { specOf } from '../process/found-agents.ts';

const dev = specOf('dev');
const stopped: Observation = { state: 'stopped', restarting: false };

it('a poll takes nothing for a life that its loop runs on the way there, nor the loop', async () => {
  const told = await toldOf([
    look(stopped),
    look(running(10), 'loop'),
    look(running(11)),
    look(running(10), 'loop'),
    look(running(12)),
    look(running(12)),
  ]);

  expect(told).toEqual(['stopped', 'running 12']);
});

it('a poll takes a loop that begins nothing for the agent in the end', async () => {
  const told = await toldOf([look(stopped), ...Array.from({ length: 10 }, () => look(running(10), 'loop'))]);

  expect(told).toEqual(['stopped', 'running 10']);
});

it('a poll tells an agent that has run for long at once', async () => {
  const [first] = await toldOf([look(running(10, new Date(0)))]);

  expect(first).toBe('running 10');
});

it('a poll tells every life at once where loops are not known', async () => {
  const told = await toldOf([{ seen: new Map([[dev.id, running(10)]]) }]);

  expect(told).toEqual(['running 10']);
});

function running(pid: number, since = new Date()): Observation {
  return { state: 'running', incarnation: { pid, startTime: '1', bootId: 'b' }, since };
}

function look(seen: Observation, only?: 'loop'): Look {
  return { seen: new Map([[dev.id, seen]]), onlyLoops: new Set(only ? [dev.id] : []) };
}

async function toldOf(looks: readonly Look[]): Promise<readonly string[]> {
  const told: StateChange[] = [];
  const left = [...looks];
  await new Promise<void>((resolve) => {
    const watch = watchByPolling(
      async () => {
        const next = left.shift();
        if (next !== undefined) return next;
        resolve();
        void watch.close();
        return { seen: new Map() };
      },
      [dev],
      (change) => told.push(change),
      { clock: createInstantClock() },
    );
  });
  return told.map(({ after }) =>
    after.state === 'running' ? `running ${after.incarnation.pid}` : after.state,
  );
}
