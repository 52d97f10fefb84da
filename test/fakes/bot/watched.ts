import type { AgentId, AgentSpec } from '../../../src/domain/agent.ts';
import type { Observation } from '../../../src/domain/observation.ts';
import type { StateChange, Supervisor, Watch } from '../../../src/supervisor/supervisor.ts';
import { until } from '../until.ts';

/** A watch that keeps all it is told. */
export interface Watched extends Watch {
  readonly changes: readonly StateChange[];
  of(agent: AgentSpec): readonly StateChange[];
  /** Waits until what was told of the agent last is so. */
  sees(agent: AgentSpec, what: (observation: Observation) => boolean, limitMs?: number): Promise<Observation>;
  /** Changes whose `before` is not what was told last: a break in the story. */
  breaks(): readonly StateChange[];
}

export function watched(supervisor: Pick<Supervisor, 'watch'>, agents: readonly AgentSpec[]): Watched {
  const changes: StateChange[] = [];
  const watch = supervisor.watch(agents, (change) => changes.push(change));
  const of = ({ id }: AgentSpec) => changes.filter(({ agent }) => agent === id);
  return {
    ...watch,
    changes,
    of,
    sees: (agent, what, limitMs) =>
      until(
        `the watch sees ${agent.id} so`,
        () => {
          const seen = of(agent).at(-1)?.after;
          return seen && what(seen) ? seen : undefined;
        },
        limitMs,
      ),
    breaks() {
      const last = new Map<AgentId, Observation>();
      return changes.filter(({ agent, before, after }) => {
        const expected = last.get(agent);
        last.set(agent, after);
        return before !== expected;
      });
    },
  };
}

export const isRunning = ({ state }: Observation) => state === 'running';
export const isStopped = ({ state }: Observation) => state === 'stopped';
export const isUnknown = ({ state }: Observation) => state === 'unknown';
export const isRestarting = (seen: Observation) => seen.state === 'stopped' && seen.restarting;
export const isOver = (seen: Observation) => seen.state === 'stopped' && !seen.restarting;
