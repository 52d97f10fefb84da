import { expect, test } from 'vitest';
import { watchUnderTest } from './watch-under-test.ts';

test('an agent that loses its session and lives on has not died, and its end is told when it comes', () => {
  const world = watchUnderTest();
  world.starts('shop:pay');
  const seen = world.of('shop:pay');
  if (seen.state !== 'running') throw new Error('it does not run');

  world.sees('shop:pay', { ...seen, outlived: true });
  world.passes(60_000);
  expect(world.messages()).toEqual([]);

  world.dies('shop:pay');
  world.passes(60_000);
  expect(world.messages()).toHaveLength(1);
});

test('what an agent that has ended left of itself is neither its return nor a restart', () => {
  const world = watchUnderTest();
  world.starts('shop:pay');
  const seen = world.of('shop:pay');
  if (seen.state !== 'running') throw new Error('it does not run');
  const incarnation = { ...seen.incarnation, pid: seen.incarnation.pid + 1 };

  world.sees('shop:pay', { ...seen, incarnation, outlived: true });
  world.passes(60_000);

  const told = JSON.stringify(world.messages());
  expect(told).toContain('"kind":"died"');
  expect(told).toContain('"restarts":false');
  expect(told).not.toContain('came-back');
});

test('the end of what an agent that has ended left of itself is no second end of the agent', () => {
  const world = watchUnderTest();
  world.starts('shop:pay');
  const seen = world.of('shop:pay');
  if (seen.state !== 'running') throw new Error('it does not run');
  const incarnation = { ...seen.incarnation, pid: seen.incarnation.pid + 1 };
  world.sees('shop:pay', { ...seen, incarnation, outlived: true });
  world.passes(60_000);
  const alerts = world.alerts.length;

  world.dies('shop:pay');
  world.passes(60_000);

  expect(world.alerts).toHaveLength(alerts);
  world.starts('shop:pay');
  world.passes(60_000);
  expect(JSON.stringify(world.messages())).toContain('came-back');
});
