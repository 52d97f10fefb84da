import type { AgentSpec } from '../team/agent-spec.ts';
import type { AgentId } from '../team/team.ts';
import { systemClock } from './clock.ts';
import type { Observation, StateChange, Supervisor, Watch } from './supervisor.ts';
import { createLedger } from './watch-ledger.ts';

/** The watch of a back-end that has no events of its own: it looks again and again. */
export function watchByPolling(
  supervisor: Pick<Supervisor, 'observe'>,
  agents: readonly AgentSpec[],
  onChange: (change: StateChange) => void,
  { pollMs = 250, clock = systemClock } = {},
): Watch {
  const ledger = createLedger(onChange);
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
      const seen = await supervisor.observe(asked).catch((error: Error) => allUnknown(asked, error.message));
      if (isClosed) return;
      for (const { id } of watched) {
        const observation = seen.get(id);
        if (observation) ledger.tell(id, observation);
      }
      await clock.sleep(pollMs, wake.signal);
    }
  }
}

/** What could not be read, for a reason that concerns every agent. */
export function allUnknown(agents: readonly AgentSpec[], reason: string): ReadonlyMap<AgentId, Observation> {
  return new Map(agents.map(({ id }) => [id, { state: 'unknown', reason }]));
}
