import type { Log } from '../../log/log.ts';
import type { Site } from '../../site/site.ts';
import type { OperationMessages } from '../records/operation-messages.ts';
import type { Asking } from './confirmations.ts';
import type { Showing } from './showing.ts';

export interface RecoveryOptions {
  readonly site: Pick<Site, 'recover'>;
  readonly showing: Showing;
  readonly asking: Pick<Asking, 'takeUp'>;
  readonly messages: OperationMessages;
  readonly log: Log;
}

/** What other processes of ours have left: the site goes on with it, and Slack shows and tells it. */
export interface Recovery {
  /**
   * Resolves when the site holds what dead processes left, so that nothing new comes between; `settled` when it is over and told. Throws
   * `RefusedError` and `JournalError`.
   */
  recover(): Promise<{ readonly settled: Promise<void> }>;
  /** The same for what was left since, such as the forced kills of what was asked for on the host. */
  lookAround(): Promise<void>;
}

export function createRecovery({ site, showing, asking, messages, log }: RecoveryOptions): Recovery {
  async function goOn(): Promise<readonly Promise<void>[]> {
    const left = [];
    for (const { operation } of await site.recover({ kind: 'team' })) {
      log.info('taken up', { operation: operation.id, text: operation.request.text });
      const logged = messages.of(operation.id);
      // Of what was asked for on the host there is something to tell when it is over, if at all.
      if (logged?.channel !== undefined) left.push(logged);
    }
    return [...left, ...(await messages.untold(showing.owes))].map(showing.goOn);
  }

  return {
    async recover() {
      const settling = await goOn();
      asking.takeUp();
      return { settled: Promise.all(settling).then(() => undefined) };
    },
    // While Slack is down this takes minutes, and there may be other things to take up.
    lookAround: async () => void (await goOn()),
  };
}
