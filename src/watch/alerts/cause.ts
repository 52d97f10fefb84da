import type { AgentId } from '../../domain/agent.ts';
import type { Alert, Cause, OperationReference } from '../../domain/alert.ts';
import { type AgentEnd, isSameEnd } from '../../domain/observation.ts';
import type { Death } from '../../domain/state-change.ts';

/** What else is known of the moment in which agents ended. */
export interface Surroundings {
  /** How many agents of the team run now. */
  readonly running: number;
  /** How many processes the kernel has killed for want of memory since it was asked last. */
  readonly memoryKills: number;
  /** At work in the project of one of these. */
  readonly operationOn: (agents: readonly AgentId[]) => OperationReference | undefined;
}

/** What probably is behind an alert: the first of these that fits, and nothing where none does. */
export function causeOf(
  { agents, host }: Pick<Alert, 'agents' | 'host'>,
  { running, memoryKills, operationOn }: Surroundings,
): Cause | undefined {
  if (host.some(({ kind }) => kind === 'rebooted')) return { kind: 'rebooted' };
  const deaths = agents.flatMap(({ death }) => (death ? [death] : []));
  const [first, ...others] = deaths;
  if (first === undefined) return undefined;
  if (memoryKills > 0 && deaths.some(isKillOrUnclear)) return { kind: 'out-of-memory', kills: memoryKills };
  if (others.length > 0 && running === 0 && deaths.every(fitsHangUp)) {
    return { kind: 'server-gone', agents: deaths.length };
  }
  const operation = operationOn(agents.filter(({ death }) => death).map(({ id }) => id));
  if (operation !== undefined) return { kind: 'operation', operation };
  const { end } = first;
  if (end !== undefined && others.length > 0 && others.every((other) => isSameKindOfEnd(other.end, end))) {
    return { kind: 'same-end', end, agents: deaths.length };
  }
  return undefined;
}

function isKillOrUnclear({ end }: Death): boolean {
  return end === undefined || (end.kind === 'signalled' && end.signal === 'KILL');
}

/** What becomes of an agent whose terminal goes away: also a polite exit, and a kill of those that stay. */
function fitsHangUp({ end }: Death): boolean {
  if (end === undefined) return true;
  return end.kind === 'exited'
    ? end.code === 0 || end.askedBy === 'HUP'
    : ['HUP', 'TERM', 'KILL'].includes(end.signal);
}

function isSameKindOfEnd(one: AgentEnd | undefined, other: AgentEnd): boolean {
  return one !== undefined && isSameEnd({ ...one, at: other.at }, other);
}
