import type { AgentId } from '../../../domain/agent.ts';
import { adviseBudget } from '../../../domain/budget-advice.ts';
import { type AskReason, shownBy } from '../../../domain/confirmation.ts';
import type { Observation } from '../../../domain/observation.ts';
import type { Operation, Request } from '../../../domain/operation.ts';
import type { Plan, Step } from '../../../domain/plan.ts';
import { advance, type ForcedKill, type Progress, progressAtStart } from '../../../domain/progress.ts';
import type { DrainResult } from '../../../domain/stop-record.ts';
import type { Question } from '../../records/open-confirmations.ts';

/** The moment that the samples show. */
export const now = new Date('2026-03-01T14:02:07Z');

export const ago = (ms: number) => new Date(now.getTime() - ms);

export const hostName = 'build-1';

export const shop = { kind: 'project', project: 'shop' } as const;

export const life = { pid: 4711, startTime: '1', bootId: 'b' };

export const running = (forMs: number): Observation => ({
  state: 'running',
  incarnation: life,
  since: ago(forMs),
});

export const record = {
  tookMs: 10_412,
  signals: [
    { signal: 'C-c', atMs: 0, processes: 1 },
    { signal: 'C-c', atMs: 5_003, processes: 1 },
    { signal: 'HUP', atMs: 10_001, processes: 3 },
    { signal: 'KILL', atMs: 10_502, processes: 1 },
  ],
  survivors: [],
  strays: [],
  lastLines: ['Writing invoice 17 of 40', '$ npm test', ''],
};

export const killedResult: DrainResult = { ...record, outcome: 'TimedOutKilled', budgetMs: 10_000 };

export const gracefulResult: DrainResult = {
  ...record,
  tookMs: 2_310,
  signals: [],
  outcome: 'Graceful',
  budgetMs: 10_000,
};

export function step(id: AgentId, action: Step['action'], why: readonly string[] = [], depth = 1): Step {
  const spec = {
    id,
    project: 'shop',
    agent: 'x',
    backend: 'tmux',
    session: 's',
    wrapper: 'w',
    cwd: '/',
    envFile: 'e',
  };
  const stop = ['drain', 'down', 'replace', 'remove'].includes(action) ? { stop: spec } : {};
  const start = ['up', 'replace', 'adopt'].includes(action) ? { start: spec } : {};
  return { id, action, why, depth, budgetMs: 10_000, ...stop, ...start };
}

const reloadSteps = [
  step('shop:lead', 'keep', [], 0),
  step('shop:cart', 'up', ['dead']),
  step('shop:pay', 'replace', ['env']),
  step('shop:search', 'remove', ['gone from the team']),
  step('shop:mail', 'leave', ['unknown: cannot be asked']),
];

export function operation(request: Partial<Request>, steps: readonly Step[]): Operation {
  const plan: Plan = { steps };
  const full: Request = {
    verb: 'reload',
    selection: shop,
    force: false,
    askedBy: 'U0ANA00000',
    text: '/team reload shop',
    ...request,
  };
  return { id: 'O-7k2m9x', request: full, plan, startedAt: ago(12_000) };
}

export const reload = operation({}, reloadSteps);

export const drain = operation({ verb: 'drain', text: '/team drain shop' }, [
  step('shop:pay', 'drain'),
  step('shop:cart', 'drain'),
]);

export const down = operation({ verb: 'down', text: '/team down shop' }, [
  step('shop:pay', 'down'),
  step('shop:cart', 'down', ['restarting']),
]);

export const up = operation({ verb: 'up', text: '/team up shop' }, [step('shop:pay', 'up', ['new'])]);

export function progressOf(of: Operation, ...events: Parameters<typeof advance>[1][]): Progress {
  return events.reduce(advance, progressAtStart(of.plan));
}

const at = now;

export const draining = (id: AgentId) =>
  ({ kind: 'draining', id, at: ago(3_000), budgetMs: 10_000 }) as const;

export const drained = (id: AgentId, result: DrainResult) => ({ kind: 'drained', id, at, result }) as const;

export const started = (id: AgentId) => ({ kind: 'started', id, at }) as const;

export const failed = (id: AgentId, words: string) => ({ kind: 'failed', id, at, error: words }) as const;

export const reloadOver = progressOf(
  reload,
  drained('shop:pay', killedResult),
  started('shop:pay'),
  started('shop:cart'),
  drained('shop:search', gracefulResult),
  { kind: 'forgotten', id: 'shop:search', at },
);

export const reloadFailed = progressOf(
  reload,
  drained('shop:pay', gracefulResult),
  failed('shop:pay', 'tmux: no server running'),
  started('shop:cart'),
  drained('shop:search', gracefulResult),
  { kind: 'forgotten', id: 'shop:search', at },
);

export function question(of: Operation, reason: AskReason): Question {
  return {
    id: 'q-0123456789abcdef01234567',
    request: of.request,
    reason,
    plan: of.plan,
    shown: shownBy(of.plan, new Map()),
    expiresAt: new Date(now.getTime() + 120_000),
  };
}

export const slowResult: DrainResult = { ...gracefulResult, tookMs: 38_000, budgetMs: 60_000 };

export const advised = (kills: readonly ForcedKill[], drains: readonly DrainResult[]) =>
  kills.map((kill) => ({ ...kill, advice: adviseBudget(drains, kill.step.budgetMs) }));
