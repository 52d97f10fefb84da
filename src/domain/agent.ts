/** What a back-end needs to run an agent, or to find one that was started earlier under other settings. */
export interface AgentSpec {
  readonly id: AgentId;
  readonly project: string;
  readonly agent: string;
  /** Name of the back-end it is to run on; of an agent that was started: on which it was. */
  readonly backend: string;
  /** `<tmux_prefix><project>-<agent>`; for an agent that went away: the name it was started under. */
  readonly session: string;
  /** Absolute path of the program that keeps the agent running, called with the agent's id. */
  readonly wrapper: string;
  /** Where the wrapper starts: the team's root. The wrapper itself changes to the project's `cwd`. */
  readonly cwd: string;
  /** Absolute path of the rendered `KEY=value` file. */
  readonly envFile: string;
  /** Name of the runtime: it decides how the agent is asked a second time. Absent: only the first ask is made. */
  readonly runtime?: string;
  /** What is typed at half the budget, where the runtime's file says so. */
  readonly secondAsk?: Ask;
}

export function agentId(project: string, agent: string): AgentId {
  return `${project}:${agent}`;
}

/** The two halves of an id. An id of a foreign snapshot may hold more colons: the project ends at the first. */
export function splitAgentId(id: AgentId): { project: string; agent: string } {
  const colon = id.indexOf(':');
  return { project: id.slice(0, colon), agent: id.slice(colon + 1) };
}

/** Keys typed into the agent's terminal, one after the other. */
export interface Ask {
  /** As tmux names them. */
  readonly keys: readonly string[];
  readonly gapMs: number;
}

/** `project:agent`, the one name of an agent everywhere: in code, in Slack and in the journal. */
export type AgentId = `${string}:${string}`;
