import type { Incarnation } from '../supervisor/supervisor.ts';
import { type Audit, createAudit } from './audit.ts';
import { createDeliveries, type Deliveries } from './deliveries.ts';
import { createDrainBudgets, type DrainBudgets } from './drain-budgets.ts';
import type { Journal } from './journal.ts';
import { createOperationLog, type OperationLog } from './operation-log.ts';
import { createPosts, type Posts } from './posts.ts';
import { createWanted, type Wanted } from './wanted.ts';

/** What the journal holds, one store a subject. */
export interface Records {
  readonly journal: Journal;
  readonly audit: Audit;
  readonly deliveries: Deliveries;
  readonly drainBudgets: DrainBudgets;
  readonly operations: OperationLog;
  readonly posts: Posts;
  readonly wanted: Wanted;
}

/** `owner`: this process. */
export function recordsIn(journal: Journal, owner: Incarnation): Records {
  return {
    journal,
    audit: createAudit(journal),
    deliveries: createDeliveries(journal),
    drainBudgets: createDrainBudgets(journal),
    operations: createOperationLog(journal, owner),
    posts: createPosts(journal),
    wanted: createWanted(journal),
  };
}
