import type { AgentId, AgentSpec } from '../domain/agent.ts';
import type { AgentEnd, AgentState, Observation } from '../domain/observation.ts';
import type { DownResult, DrainResult, NotedAgent, NotedProcess, WorkTree } from '../domain/stop-record.ts';

/** The handle on a running drain: whoever orders the drain makes one and keeps it. */
export interface DrainControl {
  /** Adds to the budget of the running drain. */
  extend(byMs: number): void;
  /** Ends the waiting: the drain falls through to force at once. */
  killNow(): void;
  /** What has been added so far, in milliseconds. */
  readonly addedMs: number;
  /** Aborted by `killNow`. */
  readonly cutShort: AbortSignal;
  /** Called, and awaited, when the waiting is over and before the first forceful signal; a refusal keeps it from being sent. */
  readonly onForce?: (() => Promise<void> | void) | undefined;
}

export function createDrainControl(onForce?: DrainControl['onForce']): DrainControl {
  const cut = new AbortController();
  let addedMs = 0;
  return {
    extend(byMs) {
      addedMs += byMs;
    },
    killNow() {
      cut.abort();
    },
    get addedMs() {
      return addedMs;
    },
    cutShort: cut.signal,
    onForce,
  };
}

export interface StopOptions {
  /** Called with what was noted, and awaited, before the first signal; not called when there is nothing to stop. */
  readonly onNoted?: (noted: NotedAgent) => Promise<void> | void;
  /** By a stop that an earlier process began: what lives of it is stopped too, though nothing leads to it any more. */
  readonly noted?: NotedAgent;
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
  /**
   * What still lives of what a stop noted, be it one that an earlier process began, and what that has forked since. Where only the loop
   * is left, the life that was noted is over; what the loop has begun since is another. Throws `SupervisorError` if it cannot be known.
   */
  whatIsLeft(agent: AgentSpec, noted: NotedAgent): Promise<readonly NotedProcess[]>;
  /**
   * Whether the boot that an incarnation or a note of the agent names is still the one its host is in: of another boot nothing lives.
   * Known without asking anybody; true where it cannot be known.
   */
  isSameBoot(agent: AgentSpec, bootId: string): boolean;
  /** What lies unfinished where the agent works. Undefined: no work tree, or none that could be read in time. Absent: nobody can look there. */
  readWorkTree?(agent: AgentSpec): Promise<WorkTree | undefined>;
  /** Whether agents on the back-end of this name could start the program, which a runtime's file names. Absent: nobody can look there. */
  hasProgram?(program: string, backend: string): Promise<boolean>;
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
