import type { AgentId } from './agent.ts';
import type { Mute } from './alert.ts';
import type { WantedDown } from './desired-state.ts';
import type { Observation } from './observation.ts';
import type { LastStop } from './operation-record.ts';

export interface AgentStatus {
  readonly id: AgentId;
  readonly project: string;
  readonly seen: Observation;
  /** False: only the snapshot knows it. */
  readonly inTeam: boolean;
  /** Somebody took it down through Muster, and it is to stay down. */
  readonly wantedDown?: WantedDown;
}

export interface TeamStatus {
  readonly asOf: Date;
  readonly agents: readonly AgentStatus[];
  /** Why the team's files don't load, one sentence each. */
  readonly complaints: readonly string[];
  readonly warnings: readonly string[];
  /** Why nobody can tell who wants what down. */
  readonly journal?: string;
}

export interface CrashLoop {
  /** When the first life of it was over. */
  readonly since: Date;
  readonly deaths: number;
}

/** What the records have to say of an agent besides the state that it is in at this moment. */
export interface WatchNotes {
  readonly loop?: CrashLoop;
  /** The one that lasts longest, if several keep its alerts back. */
  readonly mute?: Mute;
  /** How it was last stopped through Muster. */
  readonly lastStop?: Pick<LastStop, 'how' | 'at' | 'operation'>;
}

export type WatchedAgent = AgentStatus & WatchNotes;

export interface WatchedStatus extends TeamStatus {
  readonly agents: readonly WatchedAgent[];
}
