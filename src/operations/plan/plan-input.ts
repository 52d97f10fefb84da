import type { AgentId } from '../../domain/agent.ts';
import type { WantedDown } from '../../domain/desired-state.ts';
import type { Observation } from '../../domain/observation.ts';
import type { Request } from '../../domain/operation.ts';
import type { RenderedAgent } from '../../team/reload/render.ts';
import type { Team } from '../../team/team.ts';
import type { Host } from '../host.ts';
import { doesNotLoad, type KnownAgent, type Roster } from './roster.ts';

/** What a verb's planner is given: the world as it was a moment ago. */
export interface Situation {
  readonly host: Host;
  readonly request: Request;
  readonly roster: Roster;
  /** The agents the request is about. */
  readonly targets: readonly KnownAgent[];
  readonly observed: ReadonlyMap<AgentId, Observation>;
  /** Of targets that are to move to another back-end: what is seen of them there. */
  readonly observedThere: ReadonlyMap<AgentId, Observation>;
  /** What the team's files say now; empty if they don't load. */
  readonly rendered: ReadonlyMap<AgentId, RenderedAgent>;
  /** Agents that somebody took down through Muster and that are down still. */
  readonly wantedDown: ReadonlyMap<AgentId, WantedDown>;
  /** Why what was planned to be started is not; absent: it is. */
  readonly startsNothing?: string;
}

/** The team, where the verb needs one that loads; throws `RefusedError`. */
export function loadedTeam({ team }: Roster): Team {
  if (team.kind === 'loaded') return team.team;
  throw doesNotLoad(team);
}
