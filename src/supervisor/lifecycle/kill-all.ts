import type { Clock } from '../process/clock.ts';
import { signal } from '../process/process-life.ts';
import type { Process } from '../process/process-table.ts';

export type ForceSignal = 'HUP' | 'TERM' | 'KILL';

/** Sends a signal, and resolves to how many it has reached. */
export type Send = (signal: ForceSignal | 'INT', targets: readonly Process[]) => Promise<number>;

export interface Killing {
  /** What lives now; asked again after every signal, because what is killed may have forked. */
  survey(): Promise<readonly Process[]>;
  readonly send: Send;
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

/** Why a process must not be signalled; nothing if it may be. */
export type Bar = (target: Process) => Promise<string | undefined>;

/** Signals one process after the other, each only if it still is the one that is meant; a refusal is told once for each. */
export function signalEach(onRefused: (reason: string) => void, bar: Bar = async () => undefined): Send {
  const refused = new Set<number>();

  return async (name, targets) => {
    const results = await Promise.all(targets.map((target) => sendTo(target, name)));
    return results.filter(Boolean).length;
  };

  async function sendTo(target: Process, name: Parameters<Send>[0]): Promise<boolean> {
    try {
      const reason = await bar(target);
      if (reason === undefined) return await signal(target, `SIG${name}`);
      refuse(target, `pid ${target.pid} is not signalled: ${reason}`);
    } catch (error) {
      refuse(target, `SIG${name} to pid ${target.pid}: ${(error as Error).message}`);
    }
    return false;
  }

  function refuse({ pid }: Process, reason: string): void {
    if (!refused.has(pid)) onRefused(reason);
    refused.add(pid);
  }
}

function identity({ pid, startTime }: Process): string {
  return `${pid} ${startTime}`;
}
