/** `unknown`: the back-end could not be asked. It is never shown, or acted on, as stopped. */
export type AgentState = 'running' | 'stopped' | 'unknown';

/** One life of an agent: its leading process's pid, start time and the boot it belongs to. Two are the same life only if all three are equal. */
export interface Incarnation {
  readonly pid: number;
  /** Clock ticks since boot on Linux, an opaque text elsewhere. */
  readonly startTime: string;
  readonly bootId: string;
}

/** How an agent's last life ended, as far as anything of ours was there to see it. */
export type AgentEnd =
  | {
      readonly kind: 'exited';
      readonly code: number;
      readonly at: Date;
      /** The signal by which it, and the loop around it, had been asked to stop. */
      readonly askedBy?: string;
    }
  | { readonly kind: 'signalled'; readonly signal: string; readonly at: Date };

/** What one look at an agent found. */
export type Observation =
  | {
      readonly state: 'running';
      readonly incarnation: Incarnation;
      readonly since: Date;
      /** What it was kept in has gone from above it, such as its tmux session: nobody can see or type to it, and nothing is started beside it. */
      readonly outlived?: true;
      /** Of the life before this one. */
      readonly lastEnd?: AgentEnd;
      /** Why it cannot be read how that life ended: what lies there, and how to mend it. */
      readonly endUnread?: string;
    }
  | {
      readonly state: 'stopped';
      /** Its restart loop is up and only sleeps until the next try. */
      readonly restarting: boolean;
      /** When that try is due, where the loop tells. */
      readonly nextStartAt?: Date;
      readonly lastEnd?: AgentEnd;
      readonly endUnread?: string;
      /** Why its restart loop tries no more, and what makes it try again. */
      readonly gaveUp?: string;
    }
  | { readonly state: 'unknown'; readonly reason: string };

export function isSameLife(one: Incarnation, other: Incarnation): boolean {
  return one.pid === other.pid && one.startTime === other.startTime && one.bootId === other.bootId;
}

export function isSameEnd(one: AgentEnd | undefined, other: AgentEnd | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
