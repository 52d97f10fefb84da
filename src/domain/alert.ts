import type { AgentId } from './agent.ts';
import type { AgentEnd } from './observation.ts';
import type { CrashLoopEdge, Death, HostEdge, Return, StartedOutside } from './state-change.ts';

/**
 * One message to the alert channel, as it stands now. It is told anew, under the same id, with every change: the message is edited
 * and never repeated.
 */
export interface Alert {
  /** Stands in the message, so that it can be found again in the channel's history. */
  readonly id: string;
  readonly openedAt: Date;
  readonly changedAt: Date;
  /** Goes up with every change, from 1. */
  readonly revision: number;
  /** In the order in which they came in. */
  readonly agents: readonly AlertedAgent[];
  /** What concerns the host, in order. */
  readonly host: readonly HostEdge[];
  /** What probably is behind all of it. */
  readonly cause?: Cause;
  /** Nothing in it is left to see to. */
  readonly resolvedAt?: Date;
  /** Where it was posted; absent: not yet, as far as this process or one before it knows. */
  readonly message?: { readonly channel: string; readonly ts: string };
}

/** What an alert says of one agent: all its edges, folded. */
export interface AlertedAgent {
  readonly id: AgentId;
  /** How its last life ended. */
  readonly death?: Death;
  /** How many lives ended since the alert was opened. */
  readonly deaths: number;
  /** Of the first of them. */
  readonly firstDeathAt?: Date;
  /** Absent: it is still down. */
  readonly back?: Return;
  /** The last that was said about its crash loop. */
  readonly loop?: CrashLoopEdge;
  readonly startedOutside?: StartedOutside;
  /** It was not there after the host had started anew. */
  readonly lostAtReboot?: boolean;
  /** Since when it is down on purpose, because an operation of Muster stopped it or took it out of the team. */
  readonly downOnPurpose?: Date;
}

export type Cause =
  /** What holds all agents of the back-end, such as the tmux server, ended or was replaced. */
  | { readonly kind: 'server-gone'; readonly agents: number }
  /** The kernel killed for want of memory while they died. */
  | { readonly kind: 'out-of-memory'; readonly kills: number }
  | { readonly kind: 'rebooted' }
  /** Several ended in the same way within the same moments. */
  | { readonly kind: 'same-end'; readonly end: AgentEnd; readonly agents: number }
  /** An operation of Muster was at work next to them. */
  | { readonly kind: 'operation'; readonly operation: OperationReference };

export interface OperationReference {
  readonly id: string;
  readonly askedBy: string;
  /** The words they typed; untrusted. */
  readonly text: string;
}

/** A mute that is over, with what it kept back. */
export interface MuteOver {
  readonly mute: Mute;
  readonly at: Date;
  /** Absent: its time was up. */
  readonly endedBy?: string;
  /** In order; the same kind of thing of one agent is counted. */
  readonly kept: readonly MutedEdge[];
}

/** Silence for a while, for the team, one project or one agent. */
export interface Mute {
  readonly id: number;
  /** `*` for the team, else a project's name or an agent's id. */
  readonly what: string;
  readonly by: string;
  readonly since: Date;
  readonly until: Date;
}

export interface MutedEdge {
  /** Absent: it concerned the host. */
  readonly agent?: AgentId;
  /** An edge's kind, or `killed` for a kill that an operation had to do. */
  readonly kind: string;
  readonly times: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
}

export function isAgentResolved({ death, lostAtReboot, back, downOnPurpose, loop }: AlertedAgent): boolean {
  const isDown = (death !== undefined || lostAtReboot === true) && !back && !downOnPurpose;
  const isLooping = loop !== undefined && loop.kind !== 'crash-loop-over';
  return !isDown && !isLooping;
}
