import type { AgentId, AgentSpec } from '../../domain/agent.ts';
import type { Incarnation, Observation } from '../../domain/observation.ts';
import { createLedger } from '../lifecycle/seen-states.ts';
import { createBirths } from '../lifecycle/start-filter.ts';
import { allUnknown } from '../lifecycle/watch-by-polling.ts';
import type { Clock } from '../process/clock.ts';
import { isBeingWritten, readEnd } from '../process/exit-records.ts';
import { isOnlyLoop } from '../process/found-agent.ts';
import { keepLife, notKept } from '../process/life-records.ts';
import { isGone } from '../process/liveness.ts';
import type { StateChange } from '../supervisor.ts';
import type { FoundInTmux } from './find.ts';

/** Tells what events and looks have found, each thing once, and nothing that a later event has made untrue. */
export interface Telling {
  /** Tells of these agents only. */
  keep(agents: ReadonlySet<AgentId>): void;
  /** The process that was told to be the agent has gone. */
  isKnownGone(agent: AgentId): boolean;
  /** An event: the agent has ended. One whose end is still being written is left to the next event, or look. */
  ended(agent: AgentSpec): void;
  /** What ends from now on is not known to the look that begins now. */
  lookBegins(): void;
  /** Says what waits for the next look: a life that may have ended, or else one that has only just begun. */
  found(agents: readonly FoundInTmux[]): 'ending' | 'young' | 'nothing';
  unknown(agents: readonly AgentSpec[], reason: string): void;
}

export interface TellingOptions {
  readonly root: string;
  readonly clock: Clock;
  readonly toObservation: (found: FoundInTmux) => Observation;
}

export function createTelling(
  { root, clock, toObservation }: TellingOptions,
  onChange: (change: StateChange) => void,
): Telling {
  const ledger = createLedger(onChange);
  const births = createBirths(clock.now);
  let kept: ReadonlySet<AgentId> = new Set();
  /** Told to have ended since the look under way began, which may not know it yet. */
  const endedMeanwhile = new Set<AgentId>();
  /** Found to have ended by one look, and not told yet. */
  const gone = new Set<AgentId>();
  /** The life that was written down last. */
  const written = new Map<AgentId, string>();

  return {
    keep(agents) {
      kept = agents;
      ledger.keep(agents);
    },
    isKnownGone,
    ended(agent) {
      if (!kept.has(agent.id) || isBeingWritten(root, agent)) return;
      endedMeanwhile.add(agent.id);
      ledger.tell(agent.id, asEnded(agent));
    },
    lookBegins: () => endedMeanwhile.clear(),
    found(agents) {
      const current = agents.filter(({ spec: { id } }) => kept.has(id) && !endedMeanwhile.has(id));
      const open = new Set(current.map(tellOne));
      return open.has('ending') ? 'ending' : open.has('young') ? 'young' : 'nothing';
    },
    unknown(agents, reason) {
      for (const [id, seen] of allUnknown(agents, reason)) if (kept.has(id)) ledger.tell(id, seen);
    },
  };

  function tellOne(found: FoundInTmux): 'ending' | 'young' | 'told' {
    const { id } = found.spec;
    const seen = toObservation(found);
    if (seen.state !== 'running') births.none(id);
    else if (!births.isLife(id, seen, ledger.told(id), isOnlyLoop(found))) {
      // Its loop may just be writing down how it ended: that has time until the next look.
      if (isKnownGone(id)) {
        if (!gone.delete(id)) {
          gone.add(id);
          return 'ending';
        }
        ledger.tell(id, asEnded(found.spec));
      }
      return 'young';
    }
    gone.delete(id);
    if (seen.state === 'running') write(found, seen.incarnation);
    ledger.tell(id, seen);
    return 'told';
  }

  /** So that it is found also if its session goes from above it, whoever has started it. */
  function write(found: FoundInTmux, { pid, startTime }: Incarnation): void {
    const { id } = found.spec;
    const life = `${pid} ${startTime}`;
    if (found.outlived || written.get(id) === life) return;
    written.set(id, life);
    keepLife(root, found).catch(notKept);
  }

  function isKnownGone(id: AgentId): boolean {
    const told = ledger.told(id);
    return told?.state === 'running' && isGone(told.incarnation.pid);
  }

  /** Whether a loop goes on, and what it does, is for the next look to say. */
  function asEnded(agent: AgentSpec): Observation {
    return { state: 'stopped', restarting: false, ...readEnd(root, agent) };
  }
}
