import { adviseBudget } from '../domain/budget-advice.ts';
import type { Incarnation } from '../domain/observation.ts';
import type { Past } from '../domain/operation-record.ts';
import { RefusedError } from '../domain/refusal.ts';
import { keyOf, type Selection } from '../domain/selection.ts';
import { JournalError } from '../journal/journal.ts';
import type { Host } from '../operations/host.ts';
import type { ProjectLocks } from '../operations/locks/project-locks.ts';
import { createOperator } from '../operations/operate.ts';
import { type KnownAgent, type Roster, readRoster, selected } from '../operations/plan/roster.ts';
import { usualBudgetMs } from '../operations/plan/stops.ts';
import type { Records } from '../operations/records/records.ts';
import { createRecovery, type Lives } from '../operations/recovery.ts';
import { SupervisorError } from '../supervisor/supervisor.ts';
import type { Timers } from '../timers.ts';
import { createCrashLoops } from '../watch/alerts/crash-loops.ts';
import { createMutes } from '../watch/alerts/mutes.ts';
import { follow } from './follow.ts';
import { readLogs, readWatchedStatus } from './read-status.ts';
import { drainsOf, readWhy } from './read-why.ts';
import type { Site } from './site.ts';

export interface LocalSiteOptions {
  readonly host: Host;
  readonly records: Records;
  readonly locks: ProjectLocks;
  /** This process. */
  readonly self: Incarnation;
  readonly lives: Lives;
  readonly timers?: Timers;
}

/** The site in this process. */
export function createLocalSite({ host, records, locks, self, lives, timers }: LocalSiteOptions): Site {
  const { journal, operations, wanted, drainBudgets: budgets } = records;
  const since = new Date();
  const operator = createOperator({ host, locks, operations, ...(timers && { timers }) });
  const recovery = createRecovery({ host, locks, operations, operator, lives, bootId: self.bootId });
  // Who only reads them never asks what was seen last.
  const crashLoops = createCrashLoops(journal, { of: () => undefined });
  const mutes = createMutes(journal);

  /** Throws `RefusedError` for what is not there. */
  async function agentsOf(selection: Selection) {
    const roster = await readRoster(host);
    return { roster, targets: selected(roster, selection) };
  }

  function adviceOn(target: KnownAgent, roster: Roster): Past['advice'] {
    const drains = drainsOf(operations, target.id);
    if (drains.length === 0) return [];
    return [[target.id, adviseBudget(drains, usualBudgetMs({ host, roster }, target))]];
  }

  return {
    hello: async () => ({ host: host.name, root: host.root, since }),
    status: (selection) =>
      orRefused(() => readWatchedStatus(host, selection, { crashLoops, mutes, stops: operations })),
    plan: (request) => orRefused(() => operator.plan(request)),
    begin: (order) => orRefused(() => operator.begin(order)),
    go: (id) => orRefused(() => operator.go(id)),
    cancel: (id, why) => orRefused(() => operator.cancel(id, why)),
    async *follow(id, after) {
      try {
        yield* follow(id, after, { operator, operations });
      } catch (error) {
        throw refusalBy(error);
      }
    },
    extend: (id, byMs) => orRefused(() => operator.extend(id, byMs)),
    killNow: (id, begunBy) => orRefused(() => operator.killNow(id, begunBy)),
    recover: (selection) =>
      orRefused(() => {
        journal.catchUp();
        return recovery.recover(selection);
      }),
    logs: (agent, lines) => orRefused(() => readLogs(host, agent, lines)),
    why: (agent) =>
      orRefused(async () => {
        const { roster, targets } = await agentsOf({ kind: 'agent', id: agent });
        const budgetMs = usualBudgetMs({ host, roster }, targets[0] ?? { id: agent });
        return readWhy({ host, log: operations, wanted, budgets, crashLoops, mutes }, agent, budgetMs);
      }),
    history: (query) =>
      orRefused(async () => {
        const past = { operations: operations.recent(query), deaths: crashLoops.deaths(query) };
        const isEmpty = past.operations.length + past.deaths.length === 0;
        const roster = await readRoster(host);
        const { project } = query;
        // Nothing is known of a project that is not there, nor of one in which nothing happened.
        if (isEmpty && project !== undefined) selected(roster, { kind: 'project', project });
        const targets = roster.agents.filter((each) => project === undefined || each.project === project);
        return { ...past, advice: targets.flatMap((target) => adviceOn(target, roster)) };
      }),
    mute: (selection, forMs, by) =>
      orRefused(async () => {
        await agentsOf(selection);
        return mutes.add(keyOf(selection), by, forMs);
      }),
    unmute: (selection, by) => orRefused(() => mutes.end(keyOf(selection), by)),
    mutes: () => orRefused(() => mutes.all()),
    giveBudget: (agent, budgetMs, by) =>
      orRefused(async () => {
        await agentsOf({ kind: 'agent', id: agent });
        budgets.set(agent, budgetMs, by);
      }),
    async close() {
      operator.pause();
      await operator.idle();
    },
  };
}

/** Fronts know neither journal nor back-end: what those could not do is a refusal, in their words. */
async function orRefused<Answer>(work: () => Answer | Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    throw refusalBy(error);
  }
}

export function refusalBy(error: unknown): unknown {
  if (error instanceof JournalError)
    return new RefusedError({ kind: 'journal', words: error.message }, { cause: error });
  if (error instanceof SupervisorError)
    return new RefusedError({ kind: 'supervisor', words: error.message }, { cause: error });
  return error;
}
