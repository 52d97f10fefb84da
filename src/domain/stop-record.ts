import type { Incarnation } from './observation.ts';

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

export interface DownResult extends StopRecord {
  /** False: there was nothing to stop. */
  readonly wasRunning: boolean;
}

export interface DrainResult extends StopRecord {
  readonly outcome: DrainOutcome;
  /** With what was added on the way. */
  readonly budgetMs: number;
}
