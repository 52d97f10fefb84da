import { fileURLToPath } from 'node:url';
import type { AgentSpec } from '../../domain/agent.ts';
import { launcherPath } from '../lifecycle/launcher.ts';
import { settled } from '../lifecycle/start-settled.ts';
import type { Clock } from '../process/clock.ts';
import { howItEnded } from '../process/exit-records.ts';
import type { Find } from '../process/found-agent.ts';
import { runsWrapper } from '../process/loop-commands.ts';
import type { Environment } from '../programs/environment.ts';
import { SupervisorError } from '../supervisor.ts';
import type { FoundInSystemd, Systemd } from './find.ts';
import {
  environmentText,
  type Manager,
  type RestartSettings,
  type UnitFiles,
  unitText,
} from './unit-file.ts';
import { readJournal } from './units.ts';

export const receiptProgram = fileURLToPath(new URL('./systemd-receipt.sh', import.meta.url));

const terminalProgram = fileURLToPath(new URL('./systemd-terminal.sh', import.meta.url));

export interface Starting extends Systemd {
  readonly manager: Manager;
  readonly user?: string;
  readonly env: Environment;
  readonly files: UnitFiles;
  readonly reload: () => Promise<void>;
  readonly budgetMs: number;
  readonly restart: RestartSettings;
  /** How long an agent has to live before it counts as started. */
  readonly settleMs: number;
  readonly clock: Clock;
}

const pollMs = 50;

/** For the journal to take in what a short life printed. */
const journalWithinMs = 500;

/** Has systemd start the agent, and sees it live. */
export async function start(
  found: FoundInSystemd,
  find: Find<FoundInSystemd>,
  starting: Starting,
): Promise<void> {
  const { spec, unitName } = found;
  const look = () => find(spec, `cannot tell whether ${spec.id} has started`);
  refuseDouble(found);
  await writeUnit(found, starting);
  // Otherwise the lives before this one would count against it, in the end with a refusal.
  if (found.unit) await must(spec, starting, ['reset-failed', unitName]);
  await must(spec, starting, ['start', unitName]);
  const then = await settled(look, { ...starting, pollMs });
  if (then.lead === undefined) throw await diedAtOnce(then, starting);
}

/** Whatever keeps it there, the wrapper of this tree with this id is this agent. */
function refuseDouble({ spec, members, table }: FoundInSystemd): void {
  const own = new Set(members.map(({ process }) => process.pid));
  for (const process of table.all()) {
    if (own.has(process.pid)) continue;
    const argv = table.argvOf(process);
    if (
      !runsWrapper(argv, spec.wrapper) ||
      !argv
        .join(' ')
        .split(/[\s'"]+/)
        .includes(spec.id)
    )
      continue;
    throw new SupervisorError(
      `cannot start ${spec.id}: it runs already, outside of systemd: pid ${process.pid}, ${argv.join(' ')}`,
    );
  }
}

async function writeUnit({ spec, unitName }: FoundInSystemd, starting: Starting): Promise<void> {
  const { files, root, receipt, budgetMs, restart, user } = starting;
  const text = unitText(spec, {
    root,
    receipt,
    budgetMs,
    restart,
    terminal: terminalProgram,
    launcher: launcherPath,
    environmentFile: files.environmentFile(unitName),
    ...(user === undefined ? {} : { user }),
  });
  if (await files.write(unitName, text, environmentText(starting.env))) await starting.reload();
}

async function must(spec: AgentSpec, { run }: Starting, command: readonly string[]): Promise<void> {
  const answer = await run('systemctl', command);
  if (answer.kind === 'done') return;
  // systemd forgets a unit that has ended whenever it likes, and with it what was to be reset.
  if (command[0] === 'reset-failed' && answer.kind === 'failed' && answer.reason.includes('not loaded'))
    return;
  throw new SupervisorError(`cannot start ${spec.id}: ${answer.reason}`);
}

async function diedAtOnce(found: FoundInSystemd, starting: Starting): Promise<SupervisorError> {
  const { spec, unitName, betweenLives } = found;
  const lastLines = await finalLines(unitName, starting);
  const how = await howItEnded(starting.root, spec, starting.clock);
  const then = betweenLives ? '; systemd goes on trying' : '';
  return new SupervisorError(`${spec.id} ended right after its start${how}${then}`, { lastLines });
}

async function finalLines(unitName: string, { run, manager, clock }: Starting): Promise<readonly string[]> {
  const until = clock.now() + journalWithinMs;
  while (true) {
    const lines = await readJournal(run, manager, unitName, 15);
    if (lines.length > 0 || clock.now() >= until) return lines;
    await clock.sleep(pollMs);
  }
}
