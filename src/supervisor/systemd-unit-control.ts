import { SupervisorError } from './supervisor.ts';
import type { FoundInSystemd, Systemd } from './systemd-agents.ts';
import type { UnitFiles } from './systemd-files.ts';
import type { Manager } from './systemd-names.ts';
import { readReceipt } from './systemd-receipts.ts';
import { budgetText } from './systemd-unit.ts';
import { showUnits } from './systemd-units.ts';

export interface UnitControlSettings extends Systemd {
  readonly manager: Manager;
  readonly files: UnitFiles;
  readonly reload: () => Promise<void>;
}

/** What can be done to the unit of an agent that is to stop. Everything throws where systemd cannot be asked or refuses. */
export interface UnitControl {
  /** Notes which life of the unit is meant. */
  remember(): Promise<void>;
  /** How long systemd waits before it kills, also if it waits already, and whether we still live or not. */
  allow(budgetMs: number): Promise<void>;
  ask(): Promise<void>;
  signal(whom: 'main' | 'all', signal: string): Promise<void>;
  /** Waits until systemd has done with the unit; true if its patience ended before the agent did. */
  conclude(): Promise<boolean>;
  /** Leaves nothing of a unit that has ended. */
  forget(): Promise<void>;
}

export function createUnitControl(
  { spec, unitName }: FoundInSystemd,
  settings: UnitControlSettings,
): UnitControl {
  const { files, root, run } = settings;
  let invocation: string | undefined;

  return {
    async remember() {
      invocation = (await show()).InvocationID;
    },
    async allow(budgetMs) {
      await files.writeBudget(unitName, budgetText(budgetMs));
      await settings.reload();
    },
    ask: () => systemctl('stop', '--no-block', unitName),
    signal: async (whom, signal) => {
      const answer = await run('systemctl', [
        'kill',
        `--kill-who=${whom}`,
        `--signal=SIG${signal}`,
        unitName,
      ]);
      if (answer.kind === 'unknown') throw new SupervisorError(answer.reason);
      // What has ended by itself in this moment is no trouble; what lives on is seen at the next look.
      if (answer.kind === 'failed' && !/not loaded|No (main|control)/i.test(answer.reason)) {
        throw new SupervisorError(answer.reason);
      }
    },
    async conclude() {
      await systemctl('stop', unitName);
      if ((await show()).Result === 'timeout') return true;
      const receipt = readReceipt(root, spec);
      return receipt !== undefined && receipt.invocation === invocation && receipt.result === 'timeout';
    },
    async forget() {
      if ((await show()).ActiveState === 'failed') await systemctl('reset-failed', unitName);
      await files.remove(unitName);
    },
  };

  async function show() {
    const shown = await showUnits(run, [unitName], ['ActiveState', 'Result', 'InvocationID']);
    if ('kind' in shown) throw new SupervisorError(shown.reason);
    return shown.get(unitName) ?? {};
  }

  async function systemctl(...command: readonly string[]): Promise<void> {
    const answer = await run('systemctl', command);
    if (answer.kind === 'done' || (answer.kind === 'failed' && answer.reason.includes('not loaded'))) return;
    throw new SupervisorError(`cannot stop ${spec.id}: ${answer.reason}`);
  }
}
