import { access, constants, stat } from 'node:fs/promises';
import type { AgentSpec } from '../../domain/agent.ts';
import { loopOf } from '../process/agent-tree.ts';
import type { Clock } from '../process/clock.ts';
import type { FoundAgent } from '../process/found-agent.ts';
import { SupervisorError } from '../supervisor.ts';

/**
 * Looks at all that an agent needs before anything starts: tmux starts a program in another directory than the one it was told if that
 * one is missing, and launchd takes a job without a program and fails at every start of it.
 */
export async function checkSpec(agent: AgentSpec): Promise<void> {
  const cwd = await stat(agent.cwd).catch(missing(agent, 'its directory'));
  if (!cwd.isDirectory()) throw new SupervisorError(`cannot start ${agent.id}: ${agent.cwd} is no directory`);
  await mustBeFile(agent, 'its env file', agent.envFile, constants.R_OK);
  await mustBeFile(agent, 'its wrapper', agent.wrapper, constants.X_OK);
}

/** From a pipe the launcher would read for ever, and the agent be taken to have started. */
async function mustBeFile(agent: AgentSpec, what: string, path: string, mode: number): Promise<void> {
  await access(path, mode).catch(missing(agent, what));
  const found = await stat(path).catch(missing(agent, what));
  if (found.isFile()) return;
  throw new SupervisorError(
    `cannot start ${agent.id}: ${what}, ${path}, is no regular file: put one in its place`,
  );
}

function missing(agent: AgentSpec, what: string): (cause: Error) => never {
  return (cause) => {
    throw new SupervisorError(`cannot start ${agent.id}: ${what}: ${cause.message}`, { cause });
  };
}

export interface Settling {
  /** How long an agent has to live before it counts as started. */
  readonly settleMs: number;
  readonly pollMs: number;
  readonly clock: Clock;
}

/** What launcher and wrapper take for their next step on a busy host; with no step for so long they have come to the point. */
const stepWithinMs = 2000;

/** However many steps there are. */
const stepsWithinMs = 10_000;

/**
 * Watches until one life of the agent has lasted for a while, or it is dead, be it between lives that are too short to be seen to
 * end. A wrapper that starts nothing it can be told from is taken for the agent; `isToCome` says that what is dead has not begun yet.
 */
export async function settled<Found extends FoundAgent>(
  look: () => Promise<Found>,
  { settleMs, pollMs, clock }: Settling,
  isToCome: (found: Found) => Promise<boolean> | boolean = () => false,
): Promise<Found> {
  const begin = clock.now();
  let patience = begin + settleMs + stepWithinMs;
  let lastStep: string | undefined;
  let life: string | undefined;
  let since = begin;
  /** It was under way when patience was over: it has the time to last, and no further one has. */
  let lastLife: string | undefined;
  while (true) {
    const found = await look();
    const { lead } = found;
    if (lead === undefined && !(await isToCome(found))) return found;
    const now = clock.now();
    const lives = lead !== undefined && found.members.some(({ part }) => part === 'agent');
    if (lives) {
      const seen = `${lead.pid} ${lead.startTime}`;
      if (life === undefined) patience = now + settleMs + stepWithinMs;
      if (life !== seen) since = now;
      life = seen;
      if (now - since >= settleMs) return found;
    }
    const step = stepOf(found);
    if (step !== lastStep && now < begin + stepsWithinMs) patience = now + settleMs + stepWithinMs;
    lastStep = step;
    if (now >= patience) {
      if (!lives) return found;
      lastLife ??= life;
      if (life !== lastLife) return { ...found, lead: undefined };
    }
    await clock.sleep(lives ? Math.max(pollMs, since + settleMs - now) : pollMs);
  }
}

/** The loop's processes, and what each of them runs by now. */
function stepOf({ members, table }: FoundAgent): string {
  return JSON.stringify(
    loopOf(members).map((process) => [process.pid, process.startTime, table.argvOf(process)]),
  );
}
