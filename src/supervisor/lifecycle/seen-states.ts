import type { AgentId } from '../../domain/agent.ts';
import type { AgentEnd, Observation } from '../../domain/observation.ts';
import type { StateChange } from '../supervisor.ts';

/** What a watch has told so far, so that it tells changes and nothing twice. */
export interface Ledger {
  /** What was told of the agent last. */
  told(agent: AgentId): Observation | undefined;
  /** Tells what was seen, if it is news. */
  tell(agent: AgentId, seen: Observation): void;
  /** Forgets all others. */
  keep(agents: ReadonlySet<AgentId>): void;
}

export function createLedger(onChange: (change: StateChange) => void): Ledger {
  const told = new Map<AgentId, Observation>();
  /** Kept apart, because what is unknown for a while says nothing about ends. */
  const ends = new Map<AgentId, AgentEnd>();

  return {
    told: (agent) => told.get(agent),
    tell(agent, after) {
      const before = told.get(agent);
      if (before !== undefined && essence(before) === essence(after)) return;
      told.set(agent, after);
      const end = before === undefined ? undefined : newEnd(ends.get(agent), after);
      if (after.state !== 'unknown' && after.lastEnd) ends.set(agent, after.lastEnd);
      onChange({
        agent,
        ...(before ? { before } : {}),
        after,
        ...(end ? { end } : {}),
        at: new Date(),
      });
    },
    keep(agents) {
      for (const agent of told.keys()) {
        if (agents.has(agent)) continue;
        told.delete(agent);
        ends.delete(agent);
      }
    },
  };
}

/** `since` and `nextStartAt` are worked out anew at every look and may differ by a moment; why something is unknown, or cannot be read, may be said in many words. */
function essence(observation: Observation): string {
  if (observation.state === 'unknown') return 'unknown';
  return JSON.stringify({ ...observation, since: undefined, nextStartAt: undefined, endUnread: undefined });
}

function newEnd(known: AgentEnd | undefined, seen: Observation): AgentEnd | undefined {
  if (seen.state === 'unknown' || !seen.lastEnd) return undefined;
  return JSON.stringify(known) === JSON.stringify(seen.lastEnd) ? undefined : seen.lastEnd;
}
