import type { AgentSpec } from '../team/agent-spec.ts';
import type { AgentId } from '../team/team.ts';
import type { Clock } from './clock.ts';
import { readEnd } from './ends.ts';
import type { Whereabouts } from './found-agent.ts';
import { createPulse, isGone } from './pulse.ts';
import type { Observation, StateChange, Watch } from './supervisor.ts';
import { type FoundInTmux, locateAgents } from './tmux-agents.ts';
import type { Environment, Tmux } from './tmux-command.ts';
import { createBirths } from './tmux-events-births.ts';
import { watchEnds } from './tmux-events-ends.ts';
import { createLine } from './tmux-events-line.ts';
import { createStillness, pivotsOf } from './tmux-events-stillness.ts';
import { createLedger } from './watch-ledger.ts';
import { allUnknown } from './watch-polling.ts';

export interface TmuxEventsOptions {
  readonly root: string;
  readonly env: Environment;
  readonly tmux: Tmux;
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly toObservation: (found: FoundInTmux) => Observation;
}

/** Between two looks while events come: events are quick, looks are the truth. Where all is still a look is cheap. */
const lookEveryMs = 8000;
/** Between two looks without events. */
const pollMs = 250;
/** While a life is young, or an event has just come. */
const soonMs = 25;
const pulseMs = 150;

/**
 * Watches agents by events: a window that closes, an end that is written down, a process that is gone. An event tells an end at once
 * and asks for a look; everything else is told by looks.
 */
export function watchTmux(
  options: TmuxEventsOptions,
  agents: readonly AgentSpec[],
  onChange: (change: StateChange) => void,
): Watch {
  const { root, clock } = options;
  const ledger = createLedger(onChange);
  const births = createBirths(clock.now);
  const stillness = createStillness(clock.now);
  /** By window id, of the server that the line is open to. */
  let windows = new Map<string, AgentSpec>();
  let watched = new Map<AgentId, AgentSpec>();
  /** Told to have ended since the look under way began, which may not know it yet. */
  const endedMeanwhile = new Set<AgentId>();
  /** Found to have ended by one look, and not told yet. */
  const gone = new Set<AgentId>();
  const closing = new AbortController();
  let wake = new AbortController();
  let mustLook = true;

  const line = createLine({
    ...options,
    onWindowClosed: (id) => end(windows.get(id)),
    onWindowsChanged: lookSoon,
    onLost: lookSoon,
  });
  const ends = watchEnds(root, (key) => {
    const agent = [...watched.values()].find((spec) => key === `${spec.project}-${spec.agent}`);
    const told = agent && ledger.told(agent.id);
    if (told?.state === 'running' && isGone(told.incarnation.pid)) end(agent);
    else if (agent) lookSoon();
  });
  const pulse = createPulse(pulseMs, lookSoon);
  follow(agents);
  const done = run();

  return { follow, close };

  function follow(next: readonly AgentSpec[]): void {
    watched = new Map(next.map((spec) => [spec.id, spec]));
    ledger.keep(new Set(watched.keys()));
    lookSoon();
  }

  async function close(): Promise<void> {
    closing.abort();
    wake.abort();
    pulse.close();
    ends.close();
    await done;
    await line.close();
  }

  function lookSoon(): void {
    mustLook = true;
    wake.abort();
  }

  function end(agent: AgentSpec | undefined): void {
    if (agent && watched.has(agent.id) && !closing.signal.aborted) {
      endedMeanwhile.add(agent.id);
      ledger.tell(agent.id, ended(agent));
    }
    lookSoon();
  }

  /** Whether a loop goes on, and what it does, is for the next look to say. */
  function ended(agent: AgentSpec): Observation {
    const lastEnd = readEnd(root, agent);
    return { state: 'stopped', restarting: false, ...(lastEnd ? { lastEnd } : {}) };
  }

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      wake = new AbortController();
      const restMs = await look();
      // Events come in swarms.
      await clock.sleep(soonMs, closing.signal);
      await clock.sleep(restMs - soonMs, wake.signal);
    }
  }

  /** Resolves to how long the next look may wait. */
  async function look(): Promise<number> {
    if (!mustLook && (await line.isStillAbsent())) return pollMs;
    if (mustLook) stillness.forget();
    mustLook = false;
    endedMeanwhile.clear();
    if (ends.renew()) mustLook = true;
    const asked = [...watched.values()];
    const listing = await line.list().catch(unknownBecause);
    if (listing.kind === 'panes' && (await stillness.holds(listing.panes))) return rest();
    const whereabouts = listing.kind === 'panes' ? await locateAgents(listing.panes, asked) : listing;
    if (closing.signal.aborted) return 0;
    const hasYoung = tell(whereabouts, asked);
    if (listing.kind === 'panes' && whereabouts.kind === 'known' && !hasYoung) {
      stillness.note(listing.panes, whereabouts.agents);
    }
    const restMs = await rest();
    return hasYoung ? Math.min(restMs, soonMs) : restMs;
  }

  async function rest(): Promise<number> {
    if (await line.adjust()) {
      mustLook = true;
      return 0;
    }
    return line.isOpen() ? lookEveryMs : pollMs;
  }

  /** Says whether some agent has only just begun to live and has to be looked at again soon. */
  function tell(whereabouts: Whereabouts<FoundInTmux>, asked: readonly AgentSpec[]): boolean {
    if (whereabouts.kind === 'unknown') {
      for (const [id, seen] of allUnknown(asked, whereabouts.reason))
        if (watched.has(id)) ledger.tell(id, seen);
      pulse.feel([]);
      return false;
    }
    windows = line.isOpen() ? windowsOf(whereabouts.agents) : new Map();
    pulse.feel(whereabouts.agents.flatMap(pivotsOf).map(({ pid }) => pid));
    const current = whereabouts.agents.filter(
      ({ spec: { id } }) => watched.has(id) && !endedMeanwhile.has(id),
    );
    return current.map(tellOne).includes('young');
  }

  function tellOne(found: FoundInTmux): 'young' | 'told' {
    const { id } = found.spec;
    const seen = options.toObservation(found);
    const told = ledger.told(id);
    if (seen.state !== 'running') births.none(id);
    else if (!births.isLife(found, seen, told)) {
      // Its loop may just be writing down how it ended: that has time until the next look.
      if (told?.state === 'running' && isGone(told.incarnation.pid)) {
        if (gone.delete(id)) ledger.tell(id, ended(found.spec));
        else gone.add(id);
      }
      return 'young';
    }
    gone.delete(id);
    ledger.tell(id, seen);
    return 'told';
  }
}

function unknownBecause(error: Error): { kind: 'unknown'; reason: string } {
  return { kind: 'unknown', reason: error.message };
}

/** The windows whose end is the end of an agent: those that hold all its panes. */
function windowsOf(agents: readonly FoundInTmux[]): Map<string, AgentSpec> {
  return new Map(
    agents.flatMap(({ spec, panes }) => {
      const [id, ...others] = new Set(panes.map((pane) => pane.windowId));
      return id !== undefined && others.length === 0 ? [[id, spec] as const] : [];
    }),
  );
}
