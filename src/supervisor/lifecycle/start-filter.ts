import type { AgentId } from '../../domain/agent.ts';
import type { Observation } from '../../domain/observation.ts';

type Running = Extract<Observation, { state: 'running' }>;

/**
 * Tells a life from what a loop runs for a moment: between two lives and before the first it starts small programs of its own,
 * and until then it looks like an agent itself.
 */
export interface Births {
  /** Whether this life of the agent is one, given what was told of it before and whether only its loop was seen. */
  isLife(agent: AgentId, seen: Running, told: Observation | undefined, isOnlyLoop: boolean): boolean;
  /** The agent does not run. */
  none(agent: AgentId): void;
}

/** A life is one when it has lasted so long. */
export const settledAfterMs = 150;

/** For launcher and wrapper to come to the point, on a busy host. */
const loopWithinMs = 2000;

/** More than the whole second by which a process's age may be wrong. */
const oldMs = 3000;

export function createBirths(now: () => number): Births {
  const candidates = new Map<AgentId, { readonly life: string; readonly seenAt: number }>();

  return {
    isLife(id, seen, told, isOnlyLoop) {
      const life = lifeOf(seen);
      if (told?.state === 'running' && lifeOf(told) === life) return true;
      const knewNothing = told === undefined || told.state === 'unknown';
      if (knewNothing && Date.now() - seen.since.getTime() > oldMs) return true;

      const known = candidates.get(id);
      const candidate = known?.life === life ? known : { life, seenAt: now() };
      candidates.set(id, candidate);
      return now() - candidate.seenAt >= (isOnlyLoop ? loopWithinMs : settledAfterMs);
    },
    none(agent) {
      candidates.delete(agent);
    },
  };
}

function lifeOf({ incarnation: { pid, startTime } }: Running): string {
  return `${pid} ${startTime}`;
}
