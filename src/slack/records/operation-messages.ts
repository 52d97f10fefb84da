import type { Incarnation } from '../../domain/observation.ts';
import type { LoggedOperation, ShownIn } from '../../domain/operation-record.ts';
import type { OperationLog } from '../../operations/records/operation-log.ts';

export interface OperationMessagesOptions {
  readonly operations: Pick<OperationLog, 'shown' | 'find' | 'untold' | 'told'>;
  /** Whether a process of ours still lives. */
  readonly lives: (owner: Incarnation) => Promise<boolean>;
}

/** Which operations are shown in Slack, where, and how far that is told. All but `told` throw `JournalError`. */
export interface OperationMessages {
  /** From now on it is Slack's to tell, there, how it ended; with the message as soon as it stands. */
  shown(id: string, place: ShownIn): void;
  of(id: string): LoggedOperation | undefined;
  /** Everything there is to say of it was said. */
  told(id: string): void;
  /**
   * What is over and nobody is about to tell: living processes tell their own, but for what this one `owes`, and for what was asked for
   * on the host, which has no voice in Slack.
   */
  untold(owes: (id: string) => boolean): Promise<readonly LoggedOperation[]>;
}

export function createOperationMessages({ operations, lives }: OperationMessagesOptions): OperationMessages {
  return {
    shown: operations.shown,
    of: operations.find,
    told: operations.told,
    async untold(owes) {
      const all = operations.untold();
      const isAlive = await Promise.all(all.map(({ owner }) => lives(owner)));
      return all.filter(
        ({ channel, operation }, index) => channel === undefined || owes(operation.id) || !isAlive[index],
      );
    },
  };
}
