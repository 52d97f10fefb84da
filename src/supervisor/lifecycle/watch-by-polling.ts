import type { AgentId, AgentSpec } from '../../domain/agent.ts';
import type { Observation } from '../../domain/observation.ts';
import { systemClock } from '../process/clock.ts';
import type { StateChange, Watch } from '../supervisor.ts';
import { createLedger } from './seen-states.ts';
import { createBirths } from './start-filter.ts';

/** What was seen of agents at one moment. */
export interface Look {
  readonly seen: ReadonlyMap<AgentId, Observation>;
  /** Those of which only the loop was seen. Absent: here a life is one from its first moment on. */
  readonly onlyLoops?: ReadonlySet<AgentId>;
}

/** The watch of a back-end that has no events of its own: it looks again and again. */
export function watchByPolling(
  look: (agents: readonly AgentSpec[]) => Promise<Look>,
  agents: readonly AgentSpec[],
  onChange: (change: StateChange) => void,
  { pollMs = 250, clock = systemClock } = {},
): Watch {
  const ledger = createLedger(onChange);
  const births = createBirths(clock.now);
  let watched = agents;
  let isClosed = false;
  let wake = new AbortController();
  const done = run();

  return {
    follow(next) {
      watched = next;
      ledger.keep(new Set(next.map(({ id }) => id)));
      wake.abort();
    },
    async close() {
      isClosed = true;
      wake.abort();
      await done;
    },
  };

  async function run(): Promise<void> {
    while (!isClosed) {
      wake = new AbortController();
      const asked = watched;
      const found = await look(asked).catch(
        (error: Error): Look => ({ seen: allUnknown(asked, error.message) }),
      );
      if (isClosed) return;
      for (const { id } of watched) {
        const seen = found.seen.get(id);
        if (seen && isToBeTold(id, seen, found)) ledger.tell(id, seen);
      }
      await clock.sleep(pollMs, wake.signal);
    }
  }

  function isToBeTold(id: AgentId, seen: Observation, { onlyLoops }: Look): boolean {
    if (seen.state === 'running') {
      return onlyLoops === undefined || births.isLife(id, seen, ledger.told(id), onlyLoops.has(id));
    }
    births.none(id);
    return true;
  }
}

/** What could not be read, for a reason that concerns every agent. */
export function allUnknown(agents: readonly AgentSpec[], reason: string): ReadonlyMap<AgentId, Observation> {
  return new Map(agents.map(({ id }) => [id, { state: 'unknown', reason }]));
}
