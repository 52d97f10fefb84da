import { conduct } from '../operations/conduct.ts';
import type { Host } from '../operations/host.ts';
import { goOnFrom } from '../operations/left-behind.ts';
import type { LoggedOperation } from '../operations/logged-operations.ts';
import type { OperationLog } from '../operations/operation-log.ts';
import { forcedKills, progressBy } from '../operations/progress.ts';
import type { Alerts } from './alerts.ts';
import { explain } from './explain.ts';
import type { Runs } from './runs.ts';

export interface HostCommandOptions {
  readonly host: Host;
  readonly alerts: Alerts;
  readonly operations: OperationLog;
  /** Of this boot. */
  readonly bootId: string;
}

/** The operations of the host command, which have no message: whoever asked has seen there what is to be seen, but for an alert. */
export interface HostCommand {
  /** Goes on with what one that died had begun; what is to be told of it is told at the next look. */
  takeUp(logged: LoggedOperation): Promise<void>;
  /** Gives whether it is told; an alert that cannot be posted stays to be told. */
  tell(logged: LoggedOperation): Promise<boolean>;
}

export function createHostCommand(
  { host, alerts, operations, bootId }: HostCommandOptions,
  runs: Runs,
): HostCommand {
  return {
    async takeUp(logged) {
      const { operation } = logged;
      try {
        const from = await goOnFrom(logged, { host, operations, bootId });
        await runs.during(operation.id, (began) =>
          conduct({ operation, ...from, operations, emit: () => undefined, began }),
        );
      } catch (error) {
        operations.finish(operation, { at: new Date(), cancelled: explain(error).words });
      }
    },

    async tell({ operation, events }) {
      const kills = forcedKills(progressBy(operation.plan, events));
      const alert = alerts.about(operation);
      if (kills.length > 0) alert.killed(kills);
      if ((await alert.settled()) !== undefined) return false;
      operations.told(operation.id);
      return true;
    },
  };
}
