/** One attempt of one person, allowed or not. */
export interface AuditAttempt {
  /** The delivery it came with. */
  readonly delivery: string;
  readonly person: string;
  readonly team: string;
  readonly channel: string;
  /** What was typed, or the button's name. */
  readonly text: string;
  readonly decision: 'allowed' | 'refused';
  /** Why it was refused. */
  readonly reason?: string;
}

export interface AuditOutcome {
  /** `done`, or the words in which the person was told why not. */
  readonly outcome: string;
}

/** An attempt as it is read back; without an outcome it is under way, or Muster ended before it was over. */
export type AuditEntry = AuditAttempt &
  Partial<AuditOutcome> & {
    readonly at: Date;
    /** The operation that came of it. */
    readonly operation?: string;
  };
