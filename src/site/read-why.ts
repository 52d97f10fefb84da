import { type AgentId, splitAgentId } from '../domain/agent.ts';
import { adviseBudget } from '../domain/budget-advice.ts';
import type { DrainResult } from '../domain/stop-record.ts';
import type { WhyFacts } from '../domain/why.ts';
import type { Host } from '../operations/host.ts';
import type { Wanted } from '../operations/records/desired-state.ts';
import type { DrainBudgets } from '../operations/records/drain-budgets.ts';
import type { OperationLog } from '../operations/records/operation-log.ts';
import type { CrashLoops } from '../watch/alerts/crash-loops.ts';
import type { Mutes } from '../watch/alerts/mutes.ts';
import { readStatus } from './read-status.ts';

const mostStops = 30;

/** How an agent was last drained, newest first; hard stops say nothing about its budget. `before`: only what was over by then. */
export function drainsOf(
  operations: Pick<OperationLog, 'lastStops'>,
  id: AgentId,
  before?: Date,
): readonly DrainResult[] {
  return operations
    .lastStops(id, mostStops)
    .filter(({ at }) => before === undefined || at.getTime() < before.getTime())
    .flatMap(({ result }) => ('outcome' in result ? [result] : []));
}

export interface WhySources {
  readonly host: Host;
  readonly log: Pick<OperationLog, 'recent' | 'find' | 'lastStops'>;
  readonly wanted: Pick<Wanted, 'of'>;
  readonly budgets: Pick<DrainBudgets, 'of'>;
  readonly crashLoops: Pick<CrashLoops, 'of' | 'deathsOf'>;
  readonly mutes: Pick<Mutes, 'of'>;
}

/** How far back an operation on an agent is looked for. */
const mostOperations = 50;

/** Throws `RefusedError` if there is no such agent. `budgetMs`: what its next drain would get. */
export async function readWhy(sources: WhySources, id: AgentId, budgetMs: number): Promise<WhyFacts> {
  const { host, log, wanted, budgets, crashLoops, mutes } = sources;
  const { asOf, agents, warnings } = await readStatus(host, { kind: 'agent', id });
  const stops = log.lastStops(id, mostStops);
  const [lastStop] = stops;
  const [lastDeath] = crashLoops.deathsOf(id, 1);
  const recent = log.recent({ project: splitAgentId(id).project, most: mostOperations });
  const lastOperation = recent.find(({ operation }) => operation.plan.steps.some((step) => step.id === id));
  const lastStopOperation = lastStop && log.find(lastStop.operation);
  const drains = stops
    .map(({ result }) => result)
    .filter((result): result is DrainResult => 'outcome' in result);
  const wantedNow = wanted.of(id);
  const loop = crashLoops.of(id);
  const mute = mutes.of(id);
  const budget = budgets.of(id);
  return {
    id,
    asOf,
    seen: agents[0]?.seen ?? { state: 'stopped', restarting: false },
    ...(wantedNow && { wanted: wantedNow }),
    ...(lastOperation && { lastOperation }),
    ...(lastStop && { lastStop }),
    ...(lastStopOperation && { lastStopOperation }),
    ...(lastDeath && { lastDeath }),
    ...(loop && { loop }),
    ...(mute && { mute }),
    ...(budget && { budget }),
    advice: adviseBudget(drains, budgetMs),
    warnings,
  };
}
