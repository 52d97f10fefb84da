import type { AgentId, AgentSpec } from '../domain/agent.ts';
import type { Observation } from '../domain/observation.ts';
import { createLedger } from './lifecycle/seen-states.ts';
import { allUnknown } from './lifecycle/watch-by-polling.ts';
import { type StateChange, type Supervisor, SupervisorError, type Watch } from './supervisor.ts';

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

/** Throws `SupervisorError` for a back-end that cannot be had here. */
export type OpenBackend = (name: string) => Supervisor;

/**
 * Several back-ends as one: each agent is looked for, and acted on, where its spec says that it is kept. A back-end is opened when an
 * agent on it is first asked about; of one that cannot be opened, the agents are unknown.
 */
export function createRoutedSupervisor(open: OpenBackend): Supervisor {
  const opened = new Map<string, Supervisor>();

  function openOnce(name: string): Supervisor {
    const supervisor = opened.get(name) ?? open(name);
    opened.set(name, supervisor);
    return supervisor;
  }

  function supervisorOf({ id, backend }: AgentSpec, verb: string): Supervisor {
    try {
      return openOnce(backend);
    } catch (error) {
      throw new SupervisorError(`cannot ${verb} ${id}: ${(error as Error).message}`, { cause: error });
    }
  }

  /** Undefined: it cannot be had, so that nothing is known of what is there. */
  function had(name: string): Supervisor | undefined {
    try {
      return openOnce(name);
    } catch (error) {
      if (error instanceof SupervisorError) return undefined;
      throw error;
    }
  }

  async function observe(agents: readonly AgentSpec[]): Promise<ReadonlyMap<AgentId, Observation>> {
    const looks = [...Map.groupBy(agents, ({ backend }) => backend)].map(async ([name, group]) => {
      try {
        return await openOnce(name).observe(group);
      } catch (error) {
        return allUnknown(group, (error as Error).message);
      }
    });
    return new Map((await Promise.all(looks)).flatMap((seen) => [...seen]));
  }

  return {
    observe,
    up: async (agent) => supervisorOf(agent, 'start').up(agent),
    down: async (agent, options) => supervisorOf(agent, 'stop').down(agent, options),
    drain: async (agent, options) => supervisorOf(agent, 'stop').drain(agent, options),
    lastLines: async (agent, count) => supervisorOf(agent, 'read').lastLines(agent, count),
    state: async (agent) => (await observe([agent])).get(agent.id)?.state ?? 'unknown',
    watch: (agents, onChange) => watchRouted(openOnce, agents, onChange),
    whatIsLeft: async (agent, noted) => supervisorOf(agent, 'look for').whatIsLeft(agent, noted),
    readWorkTree: async (agent) => supervisorOf(agent, 'look for').readWorkTree?.(agent),
    isSameBoot: (agent, bootId) => had(agent.backend)?.isSameBoot(agent, bootId) ?? true,
    hasProgram: async (program, backend) => (await had(backend)?.hasProgram?.(program, backend)) ?? true,
  };
}
