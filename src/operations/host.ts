import type { WorkTree } from '../domain/stop-record.ts';
import type { whatIsLeft } from '../supervisor/process/stop-target.ts';
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
  /** The PATH agents get; without it nobody looks whether their programs are installed. */
  readonly path?: string | undefined;
  /** The `team-mcp` program that rendered files name. */
  readonly teamMcp: string;
  readonly wanted: Wanted;
  readonly drainBudgets: Pick<DrainBudgets, 'of'>;
  readonly whatIsLeft: typeof whatIsLeft;
  /** Undefined where there is none, or none that can be read in time. Without it receipts say nothing of it. */
  readonly readWorkTree?: (directory: string) => Promise<WorkTree | undefined>;
}
