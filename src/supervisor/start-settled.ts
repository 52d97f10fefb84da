import { loopOf } from './agent-tree.ts';
import type { Clock } from './clock.ts';
import type { FoundAgent } from './found-agent.ts';

export interface Settling {
  /** How long an agent has to live before it counts as started. */
  readonly settleMs: number;
  readonly pollMs: number;
  readonly clock: Clock;
}

/** What launcher and wrapper take for their next step on a busy host; with no step for so long they have come to the point. */
const stepWithinMs = 2000;
/** However many steps there are. */
const stepsWithinMs = 10_000;

/**
 * Watches until one life of the agent has lasted for a while, or it is dead, be it between lives that are too short to be seen to
 * end. A wrapper that starts nothing it can be told from is taken for the agent; `isToCome` says that what is dead has not begun yet.
 */
export async function settled<Found extends FoundAgent>(
  look: () => Promise<Found>,
  { settleMs, pollMs, clock }: Settling,
  isToCome: (found: Found) => Promise<boolean> | boolean = () => false,
): Promise<Found> {
  const begin = clock.now();
  let patience = begin + settleMs + stepWithinMs;
  let lastStep: string | undefined;
  let life: string | undefined;
  let since = begin;
  /** It was under way when patience was over: it has the time to last, and no further one has. */
  let lastLife: string | undefined;
  while (true) {
    const found = await look();
    const { lead } = found;
    if (lead === undefined && !(await isToCome(found))) return found;
    const now = clock.now();
    const lives = lead !== undefined && found.members.some(({ part }) => part === 'agent');
    if (lives) {
      const seen = `${lead.pid} ${lead.startTime}`;
      if (life === undefined) patience = now + settleMs + stepWithinMs;
      if (life !== seen) since = now;
      life = seen;
      if (now - since >= settleMs) return found;
    }
    const step = stepOf(found);
    if (step !== lastStep && now < begin + stepsWithinMs) patience = now + settleMs + stepWithinMs;
    lastStep = step;
    if (now >= patience) {
      if (!lives) return found;
      lastLife ??= life;
      if (life !== lastLife) return { ...found, lead: undefined };
    }
    await clock.sleep(lives ? Math.max(pollMs, since + settleMs - now) : pollMs);
  }
}

/** The loop's processes, and what each of them runs by now. */
function stepOf({ members, table }: FoundAgent): string {
  return JSON.stringify(
    loopOf(members).map((process) => [process.pid, process.startTime, table.argvOf(process)]),
  );
}
