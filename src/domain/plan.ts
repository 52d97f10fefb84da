import type { AgentId, AgentSpec } from './agent.ts';

/**
 * What happens to one agent.
 * `replace`: stop what runs, start what the team says now. `remove`: stop it and forget it.
 * `adopt`: it runs already; its files and its snapshot entry are written. `keep`: it is as it should be. `leave`: it is not, and this operation does nothing about it; `why` says so.
 */
export type StepAction = 'up' | 'down' | 'drain' | 'replace' | 'remove' | 'adopt' | 'keep' | 'leave';

export interface Step {
  readonly id: AgentId;
  readonly action: StepAction;
  /** Short labels: teamctl's (`env`, `mcp`, `role_prompt`) and ours (`dead`, `forced`, ...). */
  readonly why: readonly string[];
  /** What runs now and has to go, under the name it was started with. */
  readonly stop?: AgentSpec;
  /** What has to run afterwards. */
  readonly start?: AgentSpec;
  /** How many managers stand above it: the deepest stop first and start last. */
  readonly depth: number;
  /** The drain's budget in milliseconds; of a `down`: what a drain would get. */
  readonly budgetMs: number;
}

/** Everything one operation will do, decided before anything is touched; `--dry-run` prints exactly this. */
export interface Plan {
  readonly steps: readonly Step[];
  /** A sentence on what the plan could not take into account. */
  readonly note?: string;
}

/** The steps that touch an agent. */
export function activeSteps(plan: Plan): readonly Step[] {
  return plan.steps.filter((step) => step.action !== 'keep' && step.action !== 'leave');
}
