import type { DrainBudgets } from '../operations/drain-budgets.ts';
import type { Host } from '../operations/host.ts';
import type { OperationLog } from '../operations/operation-log.ts';
import { readStatus } from '../operations/status.ts';
import type { Wanted } from '../operations/wanted.ts';
import type { DrainResult } from '../supervisor/supervisor.ts';
import { splitAgentId } from '../team/agents.ts';
import type { AgentId } from '../team/team.ts';
import { adviseBudget } from './budget-advice.ts';
import type { CrashLoops } from './crash-loops.ts';
import type { Mutes } from './mutes.ts';
import type { WhyFacts } from './why.ts';

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
const mostStops = 30;

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
