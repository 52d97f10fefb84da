import type { Clock } from './clock.ts';
import type { FoundAgent } from './found-agent.ts';

export interface Settling {
  /** How long an agent has to live before it counts as started. */
  readonly settleMs: number;
  readonly pollMs: number;
  readonly clock: Clock;
}

/** For launcher and wrapper to come to the point, on a busy host. */
const wrapperWithinMs = 2000;

/**
 * Watches until the agent has lived for a while, or is dead. A wrapper that starts nothing it can be told from is taken for the
 * agent; `isToCome` says that what is dead has not begun yet.
 */
export async function settled<Found extends FoundAgent>(
  look: () => Promise<Found>,
  { settleMs, pollMs, clock }: Settling,
  isToCome: (found: Found) => Promise<boolean> | boolean = () => false,
): Promise<Found> {
  let until = clock.now() + settleMs + wrapperWithinMs;
  let hasBegun = false;
  while (true) {
    const found = await look();
    if (found.lead === undefined && !(await isToCome(found))) return found;
    if (!hasBegun && found.members.some(({ part }) => part === 'agent')) {
      hasBegun = true;
      until = clock.now() + settleMs;
    }
    if (clock.now() >= until) return found;
    await clock.sleep(pollMs);
  }
}
