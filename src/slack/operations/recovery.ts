import type { LoggedOperation } from '../../domain/operation-record.ts';
import { RefusedError } from '../../domain/refusal.ts';
import type { Log } from '../../log/log.ts';
import type { ProjectLocks } from '../../operations/locks/project-locks.ts';
import type { OperationLog } from '../../operations/records/operation-log.ts';
import { type HeldOperation, holdLeft, type Lives, ofDeadProcesses } from '../../operations/recovery.ts';
import type { Afterwards, Carrier } from './requests.ts';

export interface TakingUpOptions {
  readonly carrier: Carrier;
  readonly locks: ProjectLocks;
  readonly operations: OperationLog;
  readonly lives: Lives;
  readonly log: Log;
}

/** Goes on with what other processes of ours have left, and says what they had still to say, such as the host command's forced kills. */
export interface TakingUp {
  /** Resolves when the projects of what dead processes left are held, so that nothing new comes between, or another process of ours holds them; gives what is done about it. */
  settleLeft(): Promise<readonly Promise<void>[]>;
  /** What nobody is about to tell: living processes tell their own, but for what this one could not tell yet, and for the host command, which has no voice here. */
  untold(): Promise<readonly LoggedOperation[]>;
  /** Never rejects. */
  tell(operations: readonly LoggedOperation[]): Promise<void>;
}

export function createTakingUp({ carrier, locks, operations, lives, log }: TakingUpOptions): TakingUp {
  /** Undefined: another process of ours is at work there, or was. */
  async function tryToHold(logged: LoggedOperation): Promise<HeldOperation | undefined> {
    try {
      return await holdLeft(logged, { locks, operations, lives });
    } catch (error) {
      if (error instanceof RefusedError) return undefined;
      throw error;
    }
  }

  async function settle({ logged, release }: HeldOperation): Promise<void> {
    const { id } = logged.operation;
    try {
      let afterwards: Afterwards;
      try {
        afterwards = await carrier.takeUp(logged);
      } finally {
        await release();
      }
      await afterwards();
    } catch (error) {
      log.error('an operation could not be taken up', { operation: id, error: String(error) });
    }
  }

  async function settleLeft(): Promise<readonly Promise<void>[]> {
    const settling: Promise<void>[] = [];
    for (const logged of await ofDeadProcesses(operations.unfinished(), lives)) {
      const held = await tryToHold(logged);
      if (held !== undefined) settling.push(settle(held));
    }
    return settling;
  }

  async function untold(): Promise<readonly LoggedOperation[]> {
    const all = operations.untold();
    const ofTheDead = await ofDeadProcesses(all, lives);
    return all.filter(
      (each) => each.channel === undefined || carrier.owes(each.operation.id) || ofTheDead.includes(each),
    );
  }

  async function tell(operations: readonly LoggedOperation[]): Promise<void> {
    await Promise.all(operations.map(carrier.tell));
  }

  return { settleLeft, untold, tell };
}
