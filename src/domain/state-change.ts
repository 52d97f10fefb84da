import type { AgentId } from './agent.ts';
import type { AgentEnd } from './observation.ts';

/** A life of an agent that is over, though nobody asked Muster for it. */
export interface Death {
  /**
   * `died`: an exit code, a signal that nobody sends to be kind, or nothing that could be found out.
   * `stopped-outside`: ended by INT, TERM or a hang-up, or exited when asked by one, which is how people stop an agent by hand on the
   * host; a program that sends them looks the same.
   * `ended`: exit code 0, and nothing starts it again.
   */
  readonly kind: 'died' | 'stopped-outside' | 'ended';
  readonly id: AgentId;
  readonly at: Date;
  /** Absent: nothing of ours was there to see it. */
  readonly end?: AgentEnd;
  /** How long it had lived, in milliseconds, where that is known. */
  readonly livedMs?: number;
  /** Its restart loop is about to start it again, or has. */
  readonly restarts: boolean;
}

/** An agent that was down runs. */
export interface Return {
  readonly kind: 'came-back';
  readonly id: AgentId;
  readonly at: Date;
  /** `loop`: its restart loop. `Muster`: an operation. `outside`: somebody, or something, on the host. */
  readonly by: 'loop' | 'Muster' | 'outside';
}

export type CrashLoopEdge =
  | {
      readonly kind: 'crash-loop';
      readonly id: AgentId;
      readonly at: Date;
      readonly deaths: number;
      /** Between the first and the last of them. */
      readonly withinMs: number;
      readonly end?: AgentEnd;
    }
  | {
      readonly kind: 'crash-loop-over';
      readonly id: AgentId;
      readonly at: Date;
      /** Deaths from the first to the last. */
      readonly deaths: number;
      /** `healthy`: it has lived long enough. `stopped`: somebody stopped it through Muster. */
      readonly because: 'healthy' | 'stopped';
    }
  | {
      readonly kind: 'gave-up';
      readonly id: AgentId;
      readonly at: Date;
      /** Why nothing starts it again, and what would; the back-end's words. */
      readonly reason: string;
    };

/** Muster's `down` is no longer what counts: the agent was started without Muster, and is wanted up from now on. */
export interface StartedOutside {
  readonly kind: 'started-outside';
  readonly id: AgentId;
  readonly at: Date;
  /** Who had wanted it down, and since when. */
  readonly wantedDownBy: string;
  readonly wantedDownSince: Date;
}

/** An operation of Muster stopped the agent, or took it out of the team: it is down on purpose. */
export interface StoppedOnPurpose {
  readonly kind: 'stopped-on-purpose';
  readonly id: AgentId;
  readonly at: Date;
}

/** What concerns one agent. */
export type AgentEdge = Death | Return | CrashLoopEdge | StartedOutside | StoppedOnPurpose;

/** What concerns the host, or the way of looking at it. */
export type HostEdge =
  | {
      readonly kind: 'unreadable';
      /** Since when. */
      readonly at: Date;
      readonly agents: readonly AgentId[];
      readonly reason: string;
    }
  | { readonly kind: 'readable'; readonly at: Date; readonly agents: readonly AgentId[] }
  /** `agents`: those that ran before and do not any more. Nothing starts them unasked. */
  | { readonly kind: 'rebooted'; readonly at: Date; readonly agents: readonly AgentId[] }
  /** Muster itself was away; what is in the same alert happened meanwhile. */
  | { readonly kind: 'blind'; readonly from: Date; readonly at: Date };

export type Edge = AgentEdge | HostEdge;

const sequels: ReadonlySet<Edge['kind']> = new Set([
  'came-back',
  'crash-loop-over',
  'stopped-on-purpose',
  'readable',
]);

/** News in itself; the others only say how such a thing went on. */
export function isTrouble({ kind }: Edge): boolean {
  return !sequels.has(kind);
}

export function isDeath(edge: Edge): edge is Death {
  return edge.kind === 'died' || edge.kind === 'stopped-outside' || edge.kind === 'ended';
}
