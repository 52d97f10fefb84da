import { expect, it } from 'vitest';
import type { Observation } from '../../../../src/domain/observation.ts';
import { createLedger } from '../../../../src/supervisor/lifecycle/seen-states.ts';
import type { StateChange } from '../../../../src/supervisor/supervisor.ts';

const at = new Date('2026-01-01T10:00:00Z');
const running = (pid: number, since = at): Observation => ({
  state: 'running',
  incarnation: { pid, startTime: '1', bootId: 'b' },
  since,
});
const stopped = (code?: number): Observation => ({
  state: 'stopped',
  restarting: false,
  ...(code === undefined ? {} : { lastEnd: { kind: 'exited', code, at } }),
});

function told(...seen: Observation[]): StateChange[] {
  const changes: StateChange[] = [];
  const ledger = createLedger((change) => changes.push(change));
  for (const observation of seen) ledger.tell('shop:dev', observation);
  return changes;
}

it('tells the first look and then only what is different', () => {
  const later = new Date(at.getTime() + 1000);

  expect(told(running(1), running(1, later), running(2)).map(({ before }) => before)).toEqual([
    undefined,
    running(1),
  ]);
});

it('an end that becomes known later is told with it, and only once', () => {
  expect(told(running(1), stopped(), stopped(3), stopped(3)).map(({ end }) => end)).toEqual([
    undefined,
    undefined,
    { kind: 'exited', code: 3, at },
  ]);
});

it('an end that was known before the first look, or before something was unknown, is no news', () => {
  const unknown: Observation = { state: 'unknown', reason: 'tmux did not answer' };

  const changes = told(stopped(3), unknown, { ...unknown, reason: 'nor now' }, stopped(3));

  expect(changes.map(({ after, end }) => [after.state, end])).toEqual([
    ['stopped', undefined],
    ['unknown', undefined],
    ['stopped', undefined],
  ]);
});
