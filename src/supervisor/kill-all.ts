import type { Clock } from './clock.ts';
import { signal } from './process-life.ts';
import type { Process } from './process-table.ts';

export type ForceSignal = 'HUP' | 'TERM' | 'KILL';

export interface Killing {
  /** What lives now; asked again after every signal, because what is killed may have forked. */
  survey(): Promise<readonly Process[]>;
  /** Resolves to how many it has reached. */
  send(signal: ForceSignal, targets: readonly Process[]): Promise<number>;
  onSent(signal: ForceSignal, processes: number): void;
  readonly clock: Clock;
}

/** Between hang-up and TERM, and KILL. */
export const killAfterMs = 500;
const proofWithinMs = 5000;
const pollMs = 25;

/** Hang-up and TERM, half a second later KILL, until nothing is left; resolves to what outlived even that. */
export async function killAll(killing: Killing): Promise<readonly Process[]> {
  const { clock } = killing;
  const killed = new Set<string>();

  const first = await killing.survey();
  await send('HUP', first);
  await send('TERM', first);
  const patience = clock.now() + killAfterMs;
  let left = await killing.survey();
  while (left.length > 0 && clock.now() < patience) {
    await clock.sleep(pollMs);
    left = await killing.survey();
  }

  const deadline = clock.now() + proofWithinMs;
  while (left.length > 0 && clock.now() < deadline) {
    await send(
      'KILL',
      left.filter((process) => !killed.has(identity(process))),
    );
    for (const process of left) killed.add(identity(process));
    await clock.sleep(pollMs);
    left = await killing.survey();
  }
  return left;

  async function send(name: ForceSignal, targets: readonly Process[]): Promise<void> {
    const count = targets.length === 0 ? 0 : await killing.send(name, targets);
    if (count > 0) killing.onSent(name, count);
  }
}

/** Signals one process after the other, each only if it still is the one that is meant; a refusal is told once for each. */
export function signalEach(onRefused: (reason: string) => void): Killing['send'] {
  const refused = new Set<number>();

  return async (name, targets) => {
    const results = await Promise.all(targets.map((target) => sendTo(target, name)));
    return results.filter(Boolean).length;
  };

  async function sendTo(target: Process, name: ForceSignal): Promise<boolean> {
    try {
      return await signal(target, `SIG${name}`);
    } catch (error) {
      if (!refused.has(target.pid)) onRefused(`SIG${name} to pid ${target.pid}: ${(error as Error).message}`);
      refused.add(target.pid);
      return false;
    }
  }
}

function identity({ pid, startTime }: Process): string {
  return `${pid} ${startTime}`;
}
