import { fileURLToPath } from 'node:url';
import type { AgentSpec } from '../team/agent-spec.ts';
import { runsWrapper } from './agent-tree.ts';
import type { Clock } from './clock.ts';
import { readEnd } from './ends.ts';
import { SupervisorError } from './supervisor.ts';
import { type FoundAgent, findAgents, type Systemd } from './systemd-agents.ts';
import { environmentText } from './systemd-environment.ts';
import type { UnitFiles } from './systemd-files.ts';
import { readJournal } from './systemd-journal.ts';
import type { Manager } from './systemd-names.ts';
import { type RestartSettings, unitText } from './systemd-unit.ts';
import type { Environment } from './tmux-command.ts';
import { launcherPath } from './tmux-start.ts';

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
/** For terminal, launcher and wrapper to come to the point, on a busy host. */
const wrapperWithinMs = 2000;
/** For the journal to take in what a short life printed. */
const journalWithinMs = 500;

/** Has systemd start the agent, and sees it live. */
export async function start(found: FoundAgent, starting: Starting): Promise<void> {
  const { spec, unitName } = found;
  refuseDouble(found);
  await writeUnit(found, starting);
  // Otherwise the lives before this one would count against it, in the end with a refusal.
  if (found.unit) await must(spec, starting, ['reset-failed', unitName]);
  await must(spec, starting, ['start', unitName]);
  const then = await settled(spec, starting);
  if (then.lead === undefined) throw await diedAtOnce(then, starting);
}

/** Whatever keeps it there, the wrapper of this tree with this id is this agent. */
function refuseDouble({ spec, members, table }: FoundAgent): void {
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

async function writeUnit({ spec, unitName }: FoundAgent, starting: Starting): Promise<void> {
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

/** Watches until the agent has lived for a while, or is dead. */
async function settled(agent: AgentSpec, starting: Starting): Promise<FoundAgent> {
  const { clock, settleMs } = starting;
  let until = clock.now() + settleMs + wrapperWithinMs;
  let hasBegun = false;
  while (true) {
    const found = await mustFind(agent, starting);
    if (found.lead === undefined) return found;
    if (!hasBegun && found.members.some(({ part }) => part === 'agent')) {
      hasBegun = true;
      until = clock.now() + settleMs;
    }
    if (clock.now() >= until) return found;
    await clock.sleep(pollMs);
  }
}

async function mustFind(agent: AgentSpec, starting: Starting): Promise<FoundAgent> {
  const whereabouts = await findAgents(starting, [agent]);
  const found = whereabouts.kind === 'known' ? whereabouts.agents[0] : undefined;
  if (found) return found;
  const why = whereabouts.kind === 'unknown' ? whereabouts.reason : 'nothing was said about it';
  throw new SupervisorError(`cannot tell whether ${agent.id} has started: ${why}`);
}

async function diedAtOnce(found: FoundAgent, starting: Starting): Promise<SupervisorError> {
  const { spec, unitName, betweenLives } = found;
  const lastLines = await finalLines(unitName, starting);
  const end = readEnd(starting.root, spec);
  const how = !end ? '' : end.kind === 'exited' ? ` (exit code ${end.code})` : ` (signal ${end.signal})`;
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
