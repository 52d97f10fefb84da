import { expect, test } from 'vitest';
import { createCopies } from '../../../../src/slack/connection/rival-instances.ts';

function counting() {
  let now = 0;
  const copies = createCopies(() => now);
  return { copies, passes: (ms: number) => (now += ms) };
}

test('alone as long as Slack counts no more sockets than are ours', () => {
  const { copies } = counting();

  expect(copies.opened(1)).toEqual({ ours: 1, finding: 'alone' });
  expect(copies.opened(2)).toEqual({ ours: 2, finding: 'alone' });
  copies.ended();
  expect(copies.opened(2)).toEqual({ ours: 2, finding: 'alone' });
  expect(copies.others()).toBe(false);
});

test('not alone when Slack counts more', () => {
  const { copies } = counting();

  expect(copies.opened(2)).toEqual({ ours: 1, finding: 'others' });
  expect(copies.others()).toBe(true);
});

test('a socket that broke a moment ago may still be counted: that changes nothing, for a minute', () => {
  const { copies, passes } = counting();
  copies.opened(1);
  copies.ended();

  expect(copies.opened(2)).toEqual({ ours: 1, finding: 'doubtful' });
  expect(copies.others()).toBe(false);
  passes(60_000);
  copies.ended();
  passes(60_000);
  expect(copies.opened(2)).toEqual({ ours: 1, finding: 'others' });
});

test('in doubt another copy stays another copy', () => {
  const { copies } = counting();
  copies.opened(2);
  copies.ended();

  expect(copies.opened(2).finding).toBe('doubtful');
  expect(copies.others()).toBe(true);
});

test('a hello without a count says nothing of others', () => {
  expect(counting().copies.opened(Number.NaN).finding).toBe('alone');
});
