import type { DownResult, DrainResult } from '../supervisor/supervisor.ts';
import type { AgentId } from '../team/team.ts';

/** How an agent was last stopped through Muster. */
export interface LastStop {
  readonly how: 'Graceful' | 'TimedOutKilled' | 'Killed';
  readonly at: Date;
  /** The operation that stopped it. */
  readonly operation: string;
  readonly result: DrainResult | DownResult;
}

export interface LastStops {
  of(id: AgentId): LastStop | undefined;
}
