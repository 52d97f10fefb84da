import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { adviseBudget, percentile } from '../../../src/domain/budget-advice.ts';
import type { DrainResult } from '../../../src/domain/stop-record.ts';

const nothing = { signals: [], survivors: [], strays: [], lastLines: [] };
const graceful = (tookMs: number, budgetMs = 10_000): DrainResult => ({
  ...nothing,
  outcome: 'Graceful',
  tookMs,
  budgetMs,
});
const killed = (budgetMs = 10_000, tookMs = budgetMs + 520): DrainResult => ({
  ...nothing,
  outcome: 'TimedOutKilled',
  tookMs,
  budgetMs,
});

describe('the advice on an agent’s budget', () => {
  test('names a time that fits how long its polite stops take', () => {
    const drains = [killed(), killed(), killed(), killed(), graceful(38_000, 60_000)];

    expect(adviseBudget(drains, 10_000)).toEqual({
      drains: 5,
      killed: 4,
      graceful: { p50Ms: 38_000, p95Ms: 38_000, longestMs: 38_000 },
      longestInVainMs: 10_000,
      proposal: { kind: 'more-time', budgetMs: 45_000, tried: true },
    });
  });

  test('says nothing before the third drain', () => {
    expect(adviseBudget([killed(), killed()], 10_000).proposal).toEqual({ kind: 'too-few' });
    expect(adviseBudget([], 10_000)).toEqual({ drains: 0, killed: 0, proposal: { kind: 'too-few' } });
  });

  test('leaves a budget alone that one drain in many exceeds', () => {
    const drains = [killed(), ...Array.from({ length: 9 }, () => graceful(2000))];

    expect(adviseBudget(drains, 10_000).proposal).toEqual({ kind: 'keep' });
  });

  test('says that more time may not help an agent that has never stopped politely', () => {
    expect(adviseBudget([killed(45_000), killed(), killed()], 10_000)).toEqual({
      drains: 3,
      killed: 3,
      longestInVainMs: 45_000,
      proposal: { kind: 'never-polite' },
    });
  });

  test('guesses twice the time where the polite stops all fit and others do not', () => {
    expect(adviseBudget([killed(), graceful(4000), killed()], 10_000).proposal).toEqual({
      kind: 'more-time',
      budgetMs: 20_000,
      tried: false,
    });
  });

  test('does not count drains without a budget, nor those that somebody ended early', () => {
    const drains = [killed(0), killed(60_000, 4000), killed(0), graceful(3000)];

    expect(adviseBudget(drains, 10_000)).toMatchObject({ drains: 1, killed: 0 });
  });

  test('forgets what was long ago', () => {
    const old = Array.from({ length: 30 }, () => killed());

    expect(adviseBudget([...Array.from({ length: 10 }, () => graceful(900)), ...old], 10_000)).toMatchObject({
      drains: 10,
      killed: 0,
    });
  });

  test('always proposes more than there is, in whole steps, and never more than the longest budget', () => {
    const drain = fc.oneof(
      fc.integer({ min: 0, max: 600_000 }).map((tookMs) => graceful(tookMs, 600_000)),
      fc.integer({ min: 1, max: 600_000 }).map((budgetMs) => killed(budgetMs)),
    );
    fc.assert(
      fc.property(
        fc.array(drain, { maxLength: 15 }),
        fc.integer({ min: 0, max: 600_000 }),
        (drains, budgetMs) => {
          const { proposal, graceful: polite } = adviseBudget(drains, budgetMs);
          if (polite) expect(polite.p50Ms <= polite.p95Ms && polite.p95Ms <= polite.longestMs).toBe(true);
          if (proposal.kind !== 'more-time') return;
          expect(proposal.budgetMs).toBeGreaterThan(budgetMs);
          expect(proposal.budgetMs).toBeLessThanOrEqual(600_000);
          expect(proposal.budgetMs % 5000).toBe(0);
        },
      ),
    );
  });
});

test('a percentile is the smallest value that so many do not exceed', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

  expect([50, 95, 100].map((percent) => percentile(hundred, percent))).toEqual([50, 95, 100]);
  expect(percentile([7], 95)).toBe(7);
});
