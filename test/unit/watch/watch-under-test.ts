import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { inject, onTestFinished } from 'vitest';
import type { AgentId } from '../../../src/domain/agent.ts';
import type { Alert, MuteOver } from '../../../src/domain/alert.ts';
import type { AgentEnd, Observation } from '../../../src/domain/observation.ts';
import { type Journal, openJournal } from '../../../src/journal/journal.ts';
import { createWanted, type Wanted } from '../../../src/operations/records/desired-state.ts';
import { createKeeper, type Keeper } from '../../../src/watch/alerting.ts';
import { createOwnWork } from '../../../src/watch/changes/own-operations.ts';
import { createManualTimers, type ManualTimers, second, start } from '../../fakes/manual-timers.ts';

export function journalUnderTest(): Journal {
  const journal = openJournal(mkdtempSync(join(inject('unitDirectory'), 'watch-')));
  onTestFinished(() => journal.close());
  // Power cuts are another test's subject.
  journal.run((database) => database.exec('pragma synchronous = off'));
  return journal;
}

/** A world of agents whose watch is told by hand, and the keeper that listens to it. */
export interface WatchUnderTest {
  readonly timers: ManualTimers;
  readonly journal: Journal;
  readonly wanted: Wanted;
  readonly keeper: Keeper;
  /** Every alert as it was handed out, in order. */
  readonly alerts: readonly Alert[];
  /** The newest revision of each alert, oldest alert first. */
  messages(): readonly Alert[];
  readonly mutesOver: readonly MuteOver[];
  readonly errors: readonly Error[];
  /** The agent runs, with a new life. */
  starts(...ids: readonly AgentId[]): void;
  dies(id: AgentId, end?: AgentEnd, restarting?: boolean): void;
  cannotBeRead(...ids: readonly AgentId[]): void;
  /** What the watch would tell now of an agent, as a change. */
  sees(id: AgentId, seen: Observation): void;
  /** What is so of the agent. */
  of(id: AgentId): Observation;
  /** What happens to the agent while no watch looks. */
  changes(id: AgentId, seen: Observation): void;
  /** Lets time go by; Muster lives on. */
  passes(ms: number): void;
  /** Muster ends, `planned` or not, and starts again later with a first look at all agents. */
  restarts(options?: { planned?: boolean; afterMs?: number; meanwhile?: () => void; bootId?: string }): void;
  memoryKills: number;
}

export function watchUnderTest({ journal = journalUnderTest(), beatMs = 10 * second } = {}): WatchUnderTest {
  const timers = createManualTimers(start);
  const wanted = createWanted(journal, timers.now);
  const work = createOwnWork(journal, timers.now);
  const alerts: Alert[] = [];
  const mutesOver: MuteOver[] = [];
  const errors: Error[] = [];
  const now = new Map<AgentId, Observation>();
  let bootId = 'boot-1';
  let lastId = 0;
  let lastPid = 100;
  let keeper = begun();

  function begun(): Keeper {
    const next = createKeeper({
      journal,
      wanted,
      work,
      timers,
      isSameBoot: (_id, named) => named === bootId,
      newAlertId: () => `A-${++lastId}`,
      memoryKills: () => world.memoryKills,
      onAlert: (alert) => alerts.push(alert),
      onMuteOver: (over) => mutesOver.push(over),
      onError: (error) => errors.push(error),
    });
    next.begin();
    timers.every(beatMs, next.beat);
    return next;
  }

  function life(): Observation {
    lastPid += 1;
    const incarnation = { pid: lastPid, startTime: String(lastPid), bootId };
    return { state: 'running', incarnation, since: new Date(timers.now()) };
  }

  const told = new Set<AgentId>();
  function tell(id: AgentId, after: Observation): void {
    const before = told.has(id) ? now.get(id) : undefined;
    told.add(id);
    now.set(id, after);
    keeper.see({ agent: id, ...(before ? { before } : {}), after, at: new Date(timers.now()) });
  }

  const lastEndOf = (id: AgentId) => {
    const seen = now.get(id);
    return seen && seen.state !== 'unknown' && seen.lastEnd ? { lastEnd: seen.lastEnd } : {};
  };

  const world: WatchUnderTest = {
    timers,
    journal,
    wanted,
    get keeper() {
      return keeper;
    },
    alerts,
    messages: () => [...new Map(alerts.map((alert) => [alert.id, alert])).values()],
    mutesOver,
    errors,
    memoryKills: 0,
    starts(...ids) {
      for (const id of ids) tell(id, { ...life(), ...lastEndOf(id) } as Observation);
    },
    dies(id, end, restarting = false) {
      const ended = end ? { lastEnd: end } : lastEndOf(id);
      tell(id, { state: 'stopped', restarting, ...ended });
    },
    cannotBeRead(...ids) {
      for (const id of ids) tell(id, { state: 'unknown', reason: 'tmux did not answer within 5 s' });
    },
    sees: tell,
    of: (id) => now.get(id) ?? { state: 'stopped', restarting: false },
    changes: (id, seen) => now.set(id, seen),
    passes: (ms) => timers.advance(ms),
    restarts({ planned = false, afterMs = 0, meanwhile = () => undefined, bootId: next = bootId } = {}) {
      if (planned) keeper.end();
      timers.clear();
      timers.advance(afterMs);
      bootId = next;
      told.clear();
      meanwhile();
      keeper = begun();
      for (const [id, seen] of now) tell(id, seen);
    },
  };
  return world;
}

export const exited = (code: number, at: number): AgentEnd => ({ kind: 'exited', code, at: new Date(at) });
export const signalled = (signal: string, at: number): AgentEnd => ({
  kind: 'signalled',
  signal,
  at: new Date(at),
});
