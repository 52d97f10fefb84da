import type { AgentSpec } from '../team/agent-spec.ts';
import { createPulse } from './pulse.ts';
import type { StateChange, Watch } from './supervisor.ts';
import { type FoundInTmux, locateAgents } from './tmux-agents.ts';
import type { Environment, Tmux } from './tmux-command.ts';
import { watchEnds } from './tmux-events-ends.ts';
import { createLine } from './tmux-events-line.ts';
import { createStillness, pivotsOf } from './tmux-events-stillness.ts';
import { createTelling, type TellingOptions } from './tmux-events-telling.ts';

export interface TmuxEventsOptions extends TellingOptions {
  readonly env: Environment;
  readonly tmux: Tmux;
  readonly timeoutMs: number;
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
  const telling = createTelling(options, onChange);
  const stillness = createStillness(clock.now);
  /** By window id, of the server that the line is open to. */
  let windows = new Map<string, AgentSpec>();
  let watched: readonly AgentSpec[] = [];
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
    const agent = watched.find((spec) => key === `${spec.project}-${spec.agent}`);
    if (agent && telling.isKnownGone(agent.id)) end(agent);
    else if (agent) lookSoon();
  });
  const pulse = createPulse(pulseMs, lookSoon);
  follow(agents);
  const done = run();

  return { follow, close };

  function follow(next: readonly AgentSpec[]): void {
    watched = next;
    telling.keep(new Set(next.map(({ id }) => id)));
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
    if (agent && !closing.signal.aborted) telling.ended(agent);
    lookSoon();
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
    const isForced = mustLook;
    if (!isForced && (await line.isStillAbsent())) return pollMs;
    mustLook = false;
    telling.lookBegins();
    if (ends.renew()) mustLook = true;
    const asked = watched;
    const listing = await line.list().catch(unknownBecause);
    if (!isForced && listing.kind === 'panes' && (await stillness.holds(listing.panes))) return rest();
    stillness.forget();
    const panes = listing.kind === 'panes' ? listing.panes : [];
    const whereabouts =
      listing.kind === 'panes' ? await locateAgents(panes, asked).catch(unknownBecause) : listing;
    if (closing.signal.aborted) return 0;
    if (whereabouts.kind === 'unknown') {
      pulse.feel([]);
      telling.unknown(asked, whereabouts.reason);
      return rest();
    }
    windows = line.isOpen() ? windowsOf(whereabouts.agents) : new Map();
    pulse.feel(whereabouts.agents.flatMap(pivotsOf).map(({ pid }) => pid));
    const hasYoung = telling.found(whereabouts.agents);
    if (!hasYoung) stillness.note(panes, whereabouts.agents);
    return Math.min(await rest(), hasYoung ? soonMs : lookEveryMs);
  }

  async function rest(): Promise<number> {
    if (await line.adjust()) {
      mustLook = true;
      return 0;
    }
    return line.isOpen() ? lookEveryMs : pollMs;
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
