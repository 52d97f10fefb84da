import { createHash } from 'node:crypto';
import type { AgentSpec } from '../team/agent-spec.ts';

/** Which of a host's managers keeps the agents: the one of the user that Muster runs as, or the host's own. */
export type Manager = 'user' | 'system';

export interface UnitNames {
  /** No two agents have the same, whatever their tree, their user and their manager: a `.` is in no id. */
  unitOf(agent: Pick<AgentSpec, 'project' | 'agent'>): string;
  /** Matches the units of this tree and no others. */
  readonly pattern: string;
}

export function unitNames(root: string, manager: Manager, uid: number): UnitNames {
  const hash = createHash('sha256').update(`${manager}\0${uid}\0${root}`).digest('hex').slice(0, 10);
  return {
    unitOf: ({ project, agent }) => `muster-${hash}.${project}.${agent}.service`,
    pattern: `muster-${hash}.*.service`,
  };
}
