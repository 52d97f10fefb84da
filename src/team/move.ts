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
