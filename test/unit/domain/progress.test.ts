import { describe, expect, test } from 'vitest';
import type { AgentId } from '../../../src/domain/agent.ts';
import type { OperationEvent } from '../../../src/domain/operation-event.ts';
import type { StepAction } from '../../../src/domain/plan.ts';
import { advance, forcedKills, progressAtStart } from '../../../src/domain/progress.ts';
import type { DrainResult } from '../../../src/domain/stop-record.ts';

const id: AgentId = 'shop:pay';
const at = new Date(1000);
const record = { tookMs: 5, signals: [], survivors: [], strays: [], lastLines: [] };
const graceful: DrainResult = { ...record, outcome: 'Graceful', budgetMs: 10 };
const killed: DrainResult = { ...record, outcome: 'TimedOutKilled', budgetMs: 10 };

const draining: OperationEvent = { kind: 'draining', id, at, budgetMs: 10 };
const drained: OperationEvent = { kind: 'drained', id, at, result: graceful };
const timedOut: OperationEvent = { kind: 'drained', id, at, result: killed };
const hardKilled: OperationEvent = { kind: 'killed', id, at, result: { ...record, wasRunning: true } };
const starting: OperationEvent = { kind: 'starting', id, at };
const started: OperationEvent = { kind: 'started', id, at };
const failed: OperationEvent = { kind: 'failed', id, at, error: 'no key' };

function progressAfter(action: StepAction, events: readonly OperationEvent[]) {
  const plan = { steps: [{ id, action, why: [], depth: 0, budgetMs: 10 }] };
  return events.reduce(advance, progressAtStart(plan));
}

describe('an agent goes through phases', () => {
  test.each<[StepAction, readonly OperationEvent[], string]>([
    ['drain', [], 'pending'],
    ['drain', [draining], 'draining'],
    ['drain', [draining, drained], 'done'],
    ['down', [{ kind: 'killing', id, at }], 'killing'],
    ['down', [{ kind: 'killing', id, at }, hardKilled], 'done'],
    ['replace', [draining, drained], 'waiting-to-start'],
    ['replace', [draining, drained, starting], 'starting'],
    ['replace', [draining, drained, starting, started], 'done'],
    ['remove', [draining, drained], 'forgetting'],
    ['remove', [draining, drained, { kind: 'forgotten', id, at }], 'done'],
    ['up', [starting, failed], 'failed'],
  ])('of %s %#', (action, events, phase) => {
    expect(progressAfter(action, events).get(id)?.phase.kind).toBe(phase);
  });
});

test('agents that are left alone have no progress', () => {
  const step = { id, why: [], depth: 0, budgetMs: 0 };

  expect(progressAtStart({ steps: [{ ...step, action: 'keep' }] }).size).toBe(0);
  expect(progressAtStart({ steps: [{ ...step, action: 'leave' }] }).size).toBe(0);
});

test('an event of an agent that is not in the plan changes nothing', () => {
  const before = progressAfter('drain', []);

  expect(advance(before, { ...drained, id: 'shop:other' })).toBe(before);
});

describe('forced kills', () => {
  test('are drains that ended in force, also after the agent was started again', () => {
    const progress = progressAfter('replace', [draining, timedOut, starting, started]);

    expect(forcedKills(progress).map(({ step }) => step.id)).toEqual([id]);
  });

  test('are still counted when the start after them failed', () => {
    expect(forcedKills(progressAfter('replace', [draining, timedOut, starting, failed]))).toHaveLength(1);
  });

  test('are neither polite stops nor kills that people ordered', () => {
    expect(forcedKills(progressAfter('drain', [draining, drained]))).toEqual([]);
    expect(forcedKills(progressAfter('down', [hardKilled]))).toEqual([]);
  });
});
