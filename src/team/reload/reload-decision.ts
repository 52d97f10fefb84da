/** What is found of an agent on a back-end that it is to move to. */
export interface SeenThere {
  readonly state: 'running' | 'stopped' | 'unknown';
  /** Why it is unknown. */
  readonly reason?: string;
}

/** A change of back-end of one agent. */
export interface Move {
  readonly from: string;
  readonly to: string;
  readonly isRunning: boolean;
}

/** Why an agent must not be moved, if so: where nobody can tell that nothing of it runs, a start could make it two. */
export function obstacleToMove(
  { from, to, isRunning }: Move,
  there: SeenThere | undefined,
): string | undefined {
  const here = isRunning ? `runs on ${from}` : `was started on ${from}`;
  switch (there?.state) {
    case 'stopped':
      return undefined;
    case 'running':
      return `${here}, and something of its name runs on ${to}: stop that first`;
    default:
      return `${here} and is not moved, for ${to} cannot be asked: ${there?.reason ?? 'nobody looked'}`;
  }
}

/**
 * `add`: start what was never started. `change`: drain, then start. `start`: start what is dead. `remove`: drain for good.
 * `keep`: it runs and may stay. `leave`: not to be touched, for the reasons given.
 */
export type PlannedAction = 'add' | 'change' | 'remove' | 'start' | 'keep' | 'leave';

/** What is known of one agent when a reload is asked for. */
export interface Evidence {
  readonly state: 'running' | 'stopped' | 'unknown';
  readonly inTeam: boolean;
  readonly inSnapshot: boolean;
  /** What differs between the two. */
  readonly labels: readonly string[];
  readonly downBy?: string;
  readonly force: boolean;
  /** Set under a snapshot of a newer schema, which cannot be compared with. */
  readonly newerSchema?: number;
}

export interface Decision {
  readonly action: PlannedAction;
  readonly why: readonly string[];
  /** A `keep` whose files and fingerprints are written: it runs, and the snapshot does not know it yet. */
  readonly adopts?: true;
}

/** What a reload does to one agent. Every row of the decision table is one line. */
export function decide(evidence: Evidence): Decision {
  const { state, inTeam, inSnapshot, labels, downBy, force, newerSchema } = evidence;
  const forced = force ? ['forced'] : [];

  if (state === 'unknown') return { action: 'leave', why: ['unknown: cannot be asked'] };
  if (!inTeam) return { action: 'remove', why: ['gone from the team'] };
  if (state === 'stopped') {
    if (downBy !== undefined) return { action: 'leave', why: [`left down by ${downBy}`] };
    if (newerSchema !== undefined || inSnapshot) return { action: 'start', why: [...labels, 'dead'] };
    return { action: 'add', why: ['new'] };
  }
  if (force || labels.length > 0) return { action: 'change', why: [...labels, ...forced] };
  if (newerSchema !== undefined) return { action: 'keep', why: [cannotTell(newerSchema)] };
  return inSnapshot ? { action: 'keep', why: [] } : { action: 'keep', why: ['adopted'], adopts: true };
}

function cannotTell(schema: number): string {
  return `cannot tell what changed: state/applied.json has schema ${schema}, newer than 2`;
}
