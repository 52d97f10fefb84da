import type { AgentId } from '../../domain/agent.ts';
import { type Edge, isDeath, isTrouble } from '../../domain/state-change.ts';
import type { StateChange } from '../../supervisor/supervisor.ts';
import type { Timers } from '../../timers.ts';
import { type Known, knownFrom, type Memory, type Write } from './last-seen.ts';
import { type Circumstances, type Readable, transition } from './transition.ts';
import { createUnreadable } from './unreadable.ts';

export interface TrackerOptions extends Circumstances {
  readonly timers: Timers;
  readonly memory: Memory;
  /** Whether the agent's host is still in that boot. */
  readonly isSameBoot: (id: AgentId, bootId: string) => boolean;
  /** When Muster looked last before this process; absent: never, or it was told already. */
  readonly absence?: Absence;
  /** Who could not be read when Muster looked last, as far as that was told. */
  readonly unreadable: readonly AgentId[];
  /** People are told of it, as nothing is muted. */
  readonly isTold: (edge: Edge) => boolean;
  /** Gets each set of edges that were noticed together; `remembered` goes to disk with them, now or when it can. */
  readonly tell: (edges: readonly Edge[], remembered: readonly Write[]) => void;
}

export interface Absence {
  readonly from: Date;
  /** Muster had been stopped as it should be. */
  readonly planned: boolean;
}

/** Turns what a supervisor's watch tells into edges, each once, also over restarts of Muster. */
export interface Tracker {
  see(change: StateChange): void;
  /** All other agents are gone from the team. */
  follow(agents: ReadonlySet<AgentId>): void;
  close(): void;
}

/** How an agent ended, and whether its loop goes on, is known a moment after that it ended. */
const settleMs = 300;

/** An absence shorter than this is told only if something happened meanwhile. */
const noticeableMs = 60_000;

/** After that a first look is no news of the absence any more. */
const absenceCountsMs = 30_000;

interface Look {
  readonly id: AgentId;
  readonly seen: Readable;
  readonly at: Date;
}

export function createTracker(options: TrackerOptions): Tracker {
  const { timers, memory, isSameBoot, tell } = options;
  const beganAt = timers.now();
  const seenBefore = new Set<AgentId>();
  /** Ended a moment ago; the look is the latest, at the time of the first. */
  const pending = new Map<AgentId, { readonly cancel: () => void; look: Look }>();
  const firstLooks = new Map<AgentId, Look>();
  let cancelFirst: (() => void) | undefined;
  let { absence } = options;
  const unreadable = createUnreadable({ ...options, tell: (edge) => tell([edge], []) });

  return {
    see({ agent: id, after: seen, at }) {
      if (seen.state === 'unknown') return unreadable.add(id, seen.reason, at);
      take(id, seen, at);
      unreadable.remove(id);
    },
    follow(agents) {
      for (const id of memory.all().keys()) {
        if (agents.has(id)) continue;
        pending.get(id)?.cancel();
        pending.delete(id);
        firstLooks.delete(id);
        unreadable.remove(id);
        tell([{ kind: 'stopped-on-purpose', id, at: new Date(timers.now()) }], [memory.forget(id)]);
      }
    },
    close() {
      cancelFirst?.();
      for (const { cancel } of pending.values()) cancel();
      unreadable.close();
    },
  };

  function take(id: AgentId, seen: Readable, at: Date): void {
    const before = memory.of(id);
    // A team that runs is taken as it is found.
    if (before === undefined) tell([], [memory.keep(id, knownFrom(seen))]);
    else if (!seenBefore.has(id) || firstLooks.has(id)) lookFirst({ id, seen, at });
    else if (pending.has(id) || (before.state === 'running' && seen.state === 'stopped'))
      wait({ id, seen, at });
    else commit([{ id, seen, at }]);
    seenBefore.add(id);
  }

  function wait(look: Look): void {
    const { id } = look;
    const waiting = pending.get(id);
    if (waiting !== undefined) waiting.look = { ...look, at: waiting.look.at };
    const settle = () => {
      const settled = pending.get(id);
      pending.delete(id);
      settled?.cancel();
      if (settled) commit([settled.look]);
    };
    if (waiting === undefined) pending.set(id, { look, cancel: timers.after(settleMs, settle) });
    else if (look.seen.state === 'running') settle();
  }

  /** All that is seen first belongs together: it happened while nobody looked. */
  function lookFirst(look: Look): void {
    firstLooks.set(look.id, look);
    cancelFirst ??= timers.after(settleMs, () => {
      cancelFirst = undefined;
      const looks = [...firstLooks.values()];
      firstLooks.clear();
      commit(looks, true);
    });
  }

  function commit(looks: readonly Look[], isFirst = false): void {
    const edges: Edge[] = [];
    const lost: AgentId[] = [];
    const toKeep: (readonly [AgentId, Known])[] = [];
    for (const { id, seen, at } of looks) {
      const before = memory.of(id);
      if (before === undefined) continue;
      const found = transition(id, before, seen, at, options);
      toKeep.push([id, found.known]);
      const hasRebooted = isFirst && before.state === 'running' && !isSameBoot(id, before.incarnation.bootId);
      if (!hasRebooted) edges.push(...found.edges);
      else if (found.edges.some(isDeath) && seen.state === 'stopped') lost.push(id);
    }
    if (lost.length > 0) edges.unshift({ kind: 'rebooted', at: new Date(beganAt), agents: lost });
    if (isFirst) edges.unshift(...toldAbsence(edges.some((edge) => isTrouble(edge) && options.isTold(edge))));
    const remembered = toKeep.map(([id, known]) => memory.keep(id, known));
    tell(edges, remembered);
  }

  function toldAbsence(hasTrouble: boolean): readonly Edge[] {
    if (absence === undefined || timers.now() - beganAt > absenceCountsMs) return [];
    const { from, planned } = absence;
    const isNoticeable = !planned && beganAt - from.getTime() >= noticeableMs;
    if (!hasTrouble && !isNoticeable) return [];
    absence = undefined;
    return [{ kind: 'blind', from, at: new Date(beganAt) }];
  }
}
