import type { AgentSpec } from '../team/agent-spec.ts';
import type { AgentId } from '../team/team.ts';
import type { OpenBackend } from './routed.ts';
import type { StateChange, Watch } from './supervisor.ts';
import { createLedger } from './watch-ledger.ts';
import { allUnknown } from './watch-polling.ts';

/** One watch per back-end that an agent is on. One that moves goes on from what was told of it where it was. */
export function watchRouted(
  open: OpenBackend,
  agents: readonly AgentSpec[],
  onChange: (change: StateChange) => void,
): Watch {
  const ledger = createLedger(onChange);
  const watches = new Map<string, Watch>();
  const closing = new Set<Promise<void>>();
  let places: ReadonlyMap<AgentId, string> = new Map();
  follow(agents);

  return {
    follow,
    async close() {
      places = new Map();
      for (const name of watches.keys()) end(name);
      await Promise.all(closing);
    },
  };

  function follow(next: readonly AgentSpec[]): void {
    places = new Map(next.map(({ id, backend }) => [id, backend]));
    ledger.keep(new Set(places.keys()));
    const groups = Map.groupBy(next, ({ backend }) => backend);
    for (const name of watches.keys()) if (!groups.has(name)) end(name);
    for (const [name, group] of groups) followOn(name, group);
  }

  function followOn(name: string, group: readonly AgentSpec[]): void {
    const watch = watches.get(name);
    if (watch !== undefined) {
      watch.follow(group);
      return;
    }
    try {
      // What is on its way of an agent that has moved since would be told of the wrong place.
      const tell = ({ agent, after }: StateChange) => {
        if (places.get(agent) === name) ledger.tell(agent, after);
      };
      watches.set(name, open(name).watch(group, tell));
    } catch (error) {
      for (const [id, unknown] of allUnknown(group, (error as Error).message)) ledger.tell(id, unknown);
    }
  }

  function end(name: string): void {
    const watch = watches.get(name);
    watches.delete(name);
    if (watch === undefined) return;
    const closed: Promise<void> = watch.close().finally(() => closing.delete(closed));
    closing.add(closed);
  }
}
