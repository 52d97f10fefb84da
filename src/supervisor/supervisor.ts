import type { AgentSpec } from '../team/agent-spec.ts';
import type { AgentId } from '../team/team.ts';
import type { DrainControl } from './drain-control.ts';

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

/**
 * `Graceful`: everything of the agent was gone within the budget.
 * `TimedOutKilled`: the budget ran out, or was cut short, and the agent was stopped by force.
 */
export type DrainOutcome = 'Graceful' | 'TimedOutKilled';

export interface SentSignal {
  /** `C-c` for a key typed into the pane, else the name without SIG. */
  readonly signal: string;
  /** Milliseconds since the stop was ordered. */
  readonly atMs: number;
  /** How many processes it was sent to. */
  readonly processes: number;
}

export interface ProcessSummary {
  readonly pid: number;
  /** The kernel's one letter: `D` (uninterruptible), `S`, `R`, ... */
  readonly state: string;
  readonly command: string;
}

export interface NotedProcess {
  readonly pid: number;
  readonly startTime: string;
  /** `loop`: it keeps the agent running, and is not the agent. */
  readonly part: 'loop' | 'agent';
}

/**
 * What is known of an agent before the first signal: enough to judge later, even by another process, whether it is gone
 * (`whatIsLeft`), and to tell what it had printed.
 */
export interface NotedAgent {
  /** Of the boot that the processes belong to. */
  readonly bootId: string;
  /** Absent: nothing of the agent lived, only its restart loop. */
  readonly incarnation?: Incarnation;
  /** Everything that has to be gone, the restart loop included. */
  readonly processes: readonly NotedProcess[];
  /** As in the record of the stop that noted it. Absent: noted by a Muster that did not know them yet. */
  readonly lastLines?: readonly string[];
}

/** What every stop, polite or not, leaves on record. */
export interface StopRecord {
  readonly tookMs: number;
  readonly signals: readonly SentSignal[];
  /** Still alive 5 s after KILL. */
  readonly survivors: readonly ProcessSummary[];
  /** Carry the agent's environment marker but hang in none of its trees: reported, never signalled. */
  readonly strays: readonly ProcessSummary[];
  /** The last lines the agent printed, taken before the first signal; untrusted text. */
  readonly lastLines: readonly string[];
  /** What went wrong on the way without changing the outcome, in the failing program's own words. */
  readonly complaints?: readonly string[];
}

/** What lies unfinished where an agent worked, if that is under git. */
export interface WorkTree {
  /** Files that are changed or new, and not committed. */
  readonly uncommitted: number;
  /** `.git/index.lock` is there: a git that was killed, or one that is at work. */
  readonly isLocked: boolean;
}

export interface StopOptions {
  /** Called with what was noted, and awaited, before the first signal; not called when there is nothing to stop. */
  readonly onNoted?: (noted: NotedAgent) => Promise<void> | void;
  /** By a stop that an earlier process began: what lives of it is stopped too, though nothing leads to it any more. */
  readonly noted?: NotedAgent;
}

export interface DownResult extends StopRecord {
  /** False: there was nothing to stop. */
  readonly wasRunning: boolean;
}

export interface DrainResult extends StopRecord {
  readonly outcome: DrainOutcome;
  /** With what was added on the way. */
  readonly budgetMs: number;
}

export interface DrainOptions extends StopOptions {
  /** Milliseconds from the first ask to force; 0 means ask once, look once, kill. */
  readonly budgetMs: number;
  /** Lets somebody else give the running drain more time, or end it now. */
  readonly control?: DrainControl;
}

/** One thing that has become different about an agent. */
export interface StateChange {
  readonly agent: AgentId;
  /** Absent: this was the first look at it. */
  readonly before?: Observation;
  readonly after: Observation;
  /** How its last life ended, if that has only now become known; it may come a moment after the end itself. */
  readonly end?: AgentEnd;
  /** When it was seen; for `unknown`, since when. */
  readonly at: Date;
}

/** A stream of state changes, until it is closed. */
export interface Watch {
  /** From now on these agents. One that was watched already goes on from what was told of it. */
  follow(agents: readonly AgentSpec[]): void;
  /** Resolves when nothing of the watch is left. */
  close(): Promise<void>;
}

/** A way of keeping agents running: four verbs, and what a person who watches needs besides. */
export interface Supervisor {
  /** Starts the agent; does nothing if it runs. Throws `SupervisorError` if it cannot be started or is dead right after. */
  up(agent: AgentSpec): Promise<void>;
  /** Stops the agent at once, by force. An agent that isn't there is no error. */
  down(agent: AgentSpec, options?: StopOptions): Promise<DownResult>;
  /** Never throws for a back-end that cannot be asked: that is `unknown`. */
  state(agent: AgentSpec): Promise<AgentState>;
  /** Asks the agent to stop, watches until everything of it is gone or the budget is over, then falls through to `down`. */
  drain(agent: AgentSpec, options: DrainOptions): Promise<DrainResult>;
  /** States of many agents at the price of one question. Every agent asked for has an entry. */
  observe(agents: readonly AgentSpec[]): Promise<ReadonlyMap<AgentId, Observation>>;
  /**
   * Tells each agent's state as it is now, and from then on every change of it: another state, another life, a loop that begins or
   * ends its sleep, an end that becomes known. In order for each agent; `onChange` is not waited for.
   */
  watch(agents: readonly AgentSpec[], onChange: (change: StateChange) => void): Watch;
  /** The last lines the agent printed, oldest first; empty when there is nothing to read. Untrusted text. */
  lastLines(agent: AgentSpec, count: number): Promise<readonly string[]>;
}

/** The world refused: the message names the program, what was asked of it and its own words. */
export class SupervisorError extends Error {
  override readonly name = 'SupervisorError';
  /** What the agent printed before it ended, where that is the trouble; untrusted text. */
  readonly lastLines: readonly string[];

  constructor(message: string, options: ErrorOptions & { readonly lastLines?: readonly string[] } = {}) {
    super(message, options);
    this.lastLines = options.lastLines ?? [];
  }
}
