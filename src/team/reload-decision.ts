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
