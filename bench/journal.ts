import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgentId } from '../src/domain/agent.ts';
import type { Operation } from '../src/domain/operation.ts';
import type { OperationEvent } from '../src/domain/operation-event.ts';
import type { Plan } from '../src/domain/plan.ts';
import { openJournal } from '../src/journal/journal.ts';
import { type Records, recordsIn } from '../src/operations/records/records.ts';
import { type Bench, median, ms } from './report.ts';

const few = 10;
const many = 10_000;
const rounds = 200;
/** Longer than so many times is not the same time any more. */
const goal = 2;
const agents = ['lead', 'cart', 'pay', 'mail'].map((name): AgentId => `shop:${name}`);
const steps = agents.map((id) => ({ id, action: 'replace' as const, why: [], depth: 0, budgetMs: 10_000 }));
const plan: Plan = { steps };

/** What status and history read of a journal with many operations, against one with few. */
export const journal: Bench = {
  name: 'journal',
  run: async () => {
    const [small, large] = [measured(few), measured(many)];
    return (['status', 'history'] as const).map((what) => ({
      what: `journal of ${many} operations, for ${what}`,
      measured: ms(large[what]),
      baseline: `${ms(small[what])} (of ${few})`,
      ratio: small[what] / large[what],
      goal: `${goal} times the baseline`,
      isMet: large[what] <= small[what] * goal,
    }));
  },
};

function measured(operations: number): { readonly status: number; readonly history: number } {
  const directory = mkdtempSync(join(tmpdir(), 'muster-bench-journal-'));
  const opened = openJournal(directory);
  try {
    const records = recordsIn(opened, { pid: process.pid, startTime: '1', bootId: 'bench' });
    opened.together(() => {
      for (let number = 0; number < operations; number++) write(records, number);
    });
    const time = (look: () => void) =>
      median(
        Array.from({ length: rounds }, () => {
          const began = performance.now();
          look();
          return performance.now() - began;
        }),
      );
    return {
      status: time(() => {
        records.wanted.whichDown();
        for (const agent of agents) records.operations.lastStops(agent, 1);
      }),
      history: time(() => records.operations.recent({ project: 'shop', most: few / 2 })),
    };
  } finally {
    opened.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

function write({ operations }: Records, number: number): void {
  const operation: Operation = {
    id: `O-${number}`,
    request: {
      verb: 'reload',
      selection: { kind: 'project', project: number % 2 === 0 ? 'shop' : 'blog' },
      force: false,
      askedBy: 'U0ANA00000',
      text: '/team reload',
    },
    plan,
    startedAt: new Date(1_000_000 + number * 1000),
  };
  operations.begin(operation);
  for (const id of agents)
    for (const event of life(id, operation.startedAt)) operations.record(operation, event);
  operations.finish(operation, { at: operation.startedAt });
  operations.told(operation.id);
}

function life(id: AgentId, at: Date): readonly OperationEvent[] {
  const record = { tookMs: 5, signals: [], survivors: [], strays: [], lastLines: [] };
  return [
    { kind: 'draining', id, at, budgetMs: 10_000 },
    { kind: 'drained', id, at, result: { ...record, outcome: 'Graceful', budgetMs: 10_000 } },
    { kind: 'starting', id, at },
    { kind: 'started', id, at },
  ];
}
