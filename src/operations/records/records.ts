import type { Incarnation } from '../../domain/observation.ts';
import type { Journal } from '../../journal/journal.ts';
import { type Audit, createAudit } from './audit.ts';
import { createWanted, type Wanted } from './desired-state.ts';
import { createDrainBudgets, type DrainBudgets } from './drain-budgets.ts';
import { createOperationLog, type OperationLog } from './operation-log.ts';

/** What the journal holds, one store a subject. */
export interface Records {
  readonly journal: Journal;
  readonly audit: Audit;
  readonly drainBudgets: DrainBudgets;
  readonly operations: OperationLog;
  readonly wanted: Wanted;
}

/** `owner`: this process. */
export function recordsIn(journal: Journal, owner: Incarnation): Records {
  return {
    journal,
    audit: createAudit(journal),
    drainBudgets: createDrainBudgets(journal),
    operations: createOperationLog(journal, owner),
    wanted: createWanted(journal),
  };
}
