/** Slack may count a socket of ours for so long after it broke. */
const forgottenAfterMs = 60_000;

/** Works out from Slack's count of an app's sockets whether another copy of the bot answers for it too. */
export interface Copies {
  /** A socket is ours from Slack's hello on. `connections`: Slack's count, with it. */
  opened(connections: number): Count;
  ended(): void;
  /** By the last count that left no doubt. */
  others(): boolean;
}

export interface Count {
  readonly ours: number;
  /** `doubtful`: what Slack counts too much may be sockets of ours that broke a moment ago. */
  readonly finding: 'alone' | 'others' | 'doubtful';
}

export function createCopies(now: () => number = () => performance.now()): Copies {
  let ours = 0;
  let endings: readonly number[] = [];
  let others = false;

  return {
    opened(connections) {
      ours += 1;
      endings = endings.filter((at) => at > now() - forgottenAfterMs);
      if (connections > ours + endings.length) others = true;
      else if (!(connections > ours)) others = false;
      else return { ours, finding: 'doubtful' };
      return { ours, finding: others ? 'others' : 'alone' };
    },
    ended() {
      ours -= 1;
      endings = [...endings, now()];
    },
    others: () => others,
  };
}
