import type { OperationLog } from '../operations/operation-log.ts';
import type { DrainResult } from '../supervisor/supervisor.ts';
import type { AgentId } from '../team/team.ts';

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
