import type { Observation } from '../supervisor/supervisor.ts';

/** A loop that waits longer each time may have minutes to go; whoever asks has mended what was wrong. */
export function waitsForItsLoop(seen: Observation | undefined): boolean {
  return seen?.state === 'stopped' && seen.restarting && seen.nextStartAt !== undefined;
}

export const loopWaits = 'its own loop waits';
