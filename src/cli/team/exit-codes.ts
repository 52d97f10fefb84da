/** What a script learns of how it went. */
export const exitCodes = {
  done: 0,
  /** Refused, failed, or not complete. */
  failed: 1,
  usage: 2,
  /** All of it is done, and an agent had to be killed (TimedOutKilled). */
  killed: 3,
  /** Somebody pressed Ctrl-C. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
