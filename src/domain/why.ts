import type { AgentId } from './agent.ts';
import type { Mute } from './alert.ts';
import type { BudgetAdvice } from './budget-advice.ts';
import type { DrainBudget, WantedState } from './desired-state.ts';
import type { Observation } from './observation.ts';
import type { LastStop, LoggedOperation } from './operation-record.ts';
import type { Death } from './state-change.ts';
import type { CrashLoop } from './status.ts';

/** All there is to say about why an agent runs or does not. */
export interface WhyFacts {
  readonly id: AgentId;
  readonly asOf: Date;
  readonly seen: Observation;
  readonly wanted?: WantedState;
  /** The newest that was to do something about it. */
  readonly lastOperation?: LoggedOperation;
  readonly lastStop?: LastStop;
  /** Of the operation that stopped it last. */
  readonly lastStopOperation?: LoggedOperation;
  readonly lastDeath?: Death;
  readonly loop?: CrashLoop;
  readonly mute?: Mute;
  /** Where somebody has asked for another budget than the team's. */
  readonly budget?: DrainBudget;
  readonly advice: BudgetAdvice;
  /** Of the team's files. */
  readonly warnings: readonly string[];
}
