import { join } from 'node:path';
import type { AgentSpec } from '../../domain/agent.ts';
import { readRegularSync, UnreadableFileError } from '../../team/bounded-read.ts';
import { SupervisorError } from '../supervisor.ts';
import type { FoundInSystemd, Systemd } from './find.ts';
import { budgetText, type Manager, type UnitFiles } from './unit-file.ts';
import { showUnits } from './units.ts';

/** What systemd said when a life of the agent was over, whoever was there to hear it. */
export interface Receipt {
  /** `success`, `timeout`, `exit-code`, `signal`, ... */
  readonly result: string;
  /** Which life. */
  readonly invocation: string;
}

/** In bytes; a line has 100. */
const longestReceipt = 4096;

/** Undefined also where something else lies there: agents can write there. */
export function readReceipt(root: string, { project, agent }: AgentSpec): Receipt | undefined {
  try {
    const path = join(root, 'state', 'muster', 'receipts', `${project}.${agent}`);
    return parseReceipt(readRegularSync(path, longestReceipt)?.bytes.toString('utf8') ?? '');
  } catch (error) {
    if (error instanceof UnreadableFileError) return undefined;
    throw error;
  }
}

/** Code and status may be missing where no main process ever ran. */
export function parseReceipt(text: string): Receipt | undefined {
  const [, result, invocation] = /^(\S+) \S* \S* ([0-9a-f]{32}) \d+\n/.exec(text) ?? [];
  return result === undefined || invocation === undefined ? undefined : { result, invocation };
}

export interface UnitControlSettings extends Systemd {
  readonly manager: Manager;
  readonly files: UnitFiles;
  readonly reload: () => Promise<void>;
}

/** What can be done to the unit of an agent that is to stop. Everything throws where systemd cannot be asked or refuses. */
export interface UnitControl {
  /** Notes which life of the unit is meant, and whether it has been asked to stop before, maybe by another Muster. */
  remember(): Promise<void>;
  /** How long systemd waits before it kills, also if it waits already, and whether we still live or not. */
  allow(budgetMs: number): Promise<void>;
  /** systemd itself asks only once. */
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
  let isStopping = false;

  return {
    async remember() {
      const { InvocationID, ActiveState } = await show();
      invocation = InvocationID;
      isStopping = ActiveState === 'deactivating';
    },
    async allow(budgetMs) {
      await files.writeBudget(unitName, budgetText(budgetMs));
      await settings.reload();
    },
    ask: () => (isStopping ? signal('main', 'INT') : systemctl('stop', '--no-block', unitName)),
    signal,
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

  async function signal(whom: 'main' | 'all', name: string): Promise<void> {
    const answer = await run('systemctl', ['kill', `--kill-who=${whom}`, `--signal=SIG${name}`, unitName]);
    if (answer.kind === 'unknown') throw new SupervisorError(answer.reason);
    // What has ended by itself in this moment is no trouble; what lives on is seen at the next look.
    if (answer.kind === 'failed' && !/not loaded|No (main|control)/i.test(answer.reason)) {
      throw new SupervisorError(answer.reason);
    }
  }

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
