import type { Supervisor } from '../supervisor/supervisor.ts';
import type { Wanted } from './records/desired-state.ts';
import type { DrainBudgets } from './records/drain-budgets.ts';

/** What operations work on: one team tree and the back-end that keeps its agents running. */
export interface Host {
  /** Canonical root of the team tree. */
  readonly root: string;
  /** The machine's name, shown on every card. */
  readonly name: string;
  readonly supervisor: Supervisor;
  /** The back-end names a team may ask for. */
  readonly supervisorTypes: readonly string[];
  /** The `team-mcp` program that rendered files name. */
  readonly teamMcp: string;
  readonly wanted: Wanted;
  readonly drainBudgets: Pick<DrainBudgets, 'of'>;
}
