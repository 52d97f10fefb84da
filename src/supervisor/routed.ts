import type { AgentSpec } from '../team/agent-spec.ts';
import type { AgentId } from '../team/team.ts';
import { watchRouted } from './routed-watch.ts';
import { type Observation, type Supervisor, SupervisorError } from './supervisor.ts';
import { allUnknown } from './watch-polling.ts';

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
  };
}
