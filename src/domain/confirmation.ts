import { createHash } from 'node:crypto';
import type { AgentId } from './agent.ts';
import type { Observation } from './observation.ts';
import type { Request } from './operation.ts';
import { activeSteps, type Plan, type Step } from './plan.ts';

/** Why a person is asked before a plan is carried out; undefined: it may run. */
export type AskReason = 'hard-down' | 'zero-budget' | 'force' | 'several-projects';

export function askReason({ verb, force }: Request, plan: Plan): AskReason | undefined {
  const active = activeSteps(plan);
  if (active.length === 0) return undefined;
  if (verb === 'down') return 'hard-down';
  if (active.some(({ action, stop, budgetMs }) => action !== 'up' && stop !== undefined && budgetMs === 0))
    return 'zero-budget';
  if (force) return 'force';
  if (new Set(active.map(({ id }) => id.slice(0, id.indexOf(':')))).size > 1) return 'several-projects';
  return undefined;
}

/** What a question showed: each agent's fate, and its state and life. No ages, no output, no back-end's words: they always change. */
export interface Shown {
  readonly agents: ReadonlyMap<AgentId, ShownAgent>;
  readonly digest: string;
}

export interface ShownAgent {
  readonly fate: string;
  readonly state: 'running' | 'stopped' | 'restarting' | 'unknown';
  /** Of a running agent: the same for one life. */
  readonly life: string;
}

/** One agent that is not what it was when the question was shown; `handled`: the same, but the plan for it is another. */
export interface Difference {
  readonly id: AgentId;
  readonly change:
    | 'started'
    | 'stopped'
    | 'begun anew'
    | 'restarting'
    | 'unknown'
    | 'added'
    | 'gone'
    | 'handled';
}

export function shownBy(plan: Plan, observed: ReadonlyMap<AgentId, Observation>): Shown {
  const agents = new Map(
    plan.steps
      .map((step) => [step.id, { fate: fate(step), ...stateAndLife(observed.get(step.id)) }] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  const digest = createHash('sha256')
    .update(JSON.stringify([...agents]))
    .digest('hex');
  return { agents, digest };
}

/** The agents that are not what they were when the question was shown. */
export function differences(before: Shown, now: Shown): readonly Difference[] {
  const ids = [...new Set([...before.agents.keys(), ...now.agents.keys()])].sort();
  return ids.flatMap((id) => {
    const change = changeOf(before.agents.get(id), now.agents.get(id));
    return change === undefined ? [] : [{ id, change }];
  });
}

function changeOf(
  before: ShownAgent | undefined,
  now: ShownAgent | undefined,
): Difference['change'] | undefined {
  if (before === undefined) return 'added';
  if (now === undefined) return 'gone';
  if (before.state !== now.state) return now.state === 'running' ? 'started' : now.state;
  if (before.life !== now.life) return 'begun anew';
  return before.fate === now.fate ? undefined : 'handled';
}

function fate({ action, why, budgetMs }: Step): string {
  const reasons = why.filter((reason) => !reason.startsWith('unknown: '));
  return JSON.stringify([action, budgetMs, reasons]);
}

function stateAndLife(seen: Observation | undefined): Pick<ShownAgent, 'state' | 'life'> {
  if (seen?.state === 'running') {
    const { pid, startTime, bootId } = seen.incarnation;
    return { state: 'running', life: `${pid} ${startTime} ${bootId}` };
  }
  if (seen?.state === 'stopped') return { state: seen.restarting ? 'restarting' : 'stopped', life: '' };
  return { state: 'unknown', life: '' };
}
