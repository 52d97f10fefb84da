import { access, constants, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { AgentSpec } from '../team/agent-spec.ts';
import type { Clock } from './clock.ts';
import { readEnd } from './ends.ts';
import { handEnvironment } from './handed-environment.ts';
import { SupervisorError } from './supervisor.ts';
import { type FoundAgent, findAgents } from './tmux-agents.ts';
import { type Environment, literally, type Tmux } from './tmux-command.ts';
import { inPane, type Pane } from './tmux-panes.ts';
import { capture } from './tmux-text.ts';

export const launcherPath = fileURLToPath(new URL('./launcher.sh', import.meta.url));

export interface Starting {
  readonly tmux: Tmux;
  /** What panes are made with: it may have to start a server. */
  readonly outlasting: Tmux;
  /** What agents get besides their env file, whatever environment a running server has. */
  readonly env: Environment;
  readonly root: string;
  readonly launcher: string;
  /** How long an agent has to live before it counts as started. */
  readonly settleMs: number;
  readonly clock: Clock;
}

const pollMs = 50;
const attempts = 3;
/** For launcher and wrapper to come to the point, on a busy host. */
const wrapperWithinMs = 2000;

/** tmux starts a program in another directory than the one it was told if that one is missing, so all is looked at first. */
export async function checkSpec(agent: AgentSpec): Promise<void> {
  if (!/^[A-Za-z0-9_][A-Za-z0-9_-]*$/.test(agent.session)) {
    throw new SupervisorError(
      `cannot start ${agent.id}: tmux would change the session name "${agent.session}"; letters, digits, "-" and "_" are kept`,
    );
  }
  const cwd = await stat(agent.cwd).catch(missing(agent, 'its directory'));
  if (!cwd.isDirectory()) throw new SupervisorError(`cannot start ${agent.id}: ${agent.cwd} is no directory`);
  await access(agent.envFile, constants.R_OK).catch(missing(agent, 'its env file'));
  await access(agent.wrapper, constants.X_OK).catch(missing(agent, 'its wrapper'));
}

function missing(agent: AgentSpec, what: string): (cause: Error) => never {
  return (cause) => {
    throw new SupervisorError(`cannot start ${agent.id}: ${what}: ${cause.message}`, { cause });
  };
}

/** Starts the agent in a session of its own, or, if somebody's panes keep its session open, in a window there; then sees it live. */
export async function start(
  { spec: agent, sessionId, namesake }: FoundAgent,
  starting: Starting,
): Promise<void> {
  if (namesake !== undefined) {
    throw new SupervisorError(
      `cannot start ${agent.id}: its session ${agent.session} belongs to another team's agent of that name (${namesake.command})`,
    );
  }
  await createPane(agent, sessionId, starting);
  let found = await settled(agent, starting);
  for (const pane of found.panes) {
    await inPane(starting.tmux, pane, `set-option -w -u -t ${pane.windowId} remain-on-exit`);
  }
  if (found.lead !== undefined) found = await mustFind(agent, starting);
  if (found.lead === undefined) throw await diedAtOnce(found, starting);
}

/** Watches until the agent has lived for a while, or is dead. A wrapper that starts nothing it can be told from is taken for the agent. */
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

/** `remain-on-exit` comes in the same request, so that what a short life printed can still be read. */
async function createPane(
  agent: AgentSpec,
  sessionId: string | undefined,
  starting: Starting,
): Promise<void> {
  const handed = await handEnvironment(starting.root, starting.env);
  const program = [
    '--',
    ...handed.prefix,
    '/bin/sh',
    starting.launcher,
    agent.envFile,
    agent.wrapper,
    agent.id,
  ];
  const directory = ['-c', literally(agent.cwd)];
  const commands =
    sessionId === undefined
      ? [
          ['new-session', '-d', '-s', agent.session, ...directory, '-x', '200', '-y', '50', ...program],
          ['set-option', '-w', '-t', `=${agent.session}:`, 'remain-on-exit', 'on'],
        ]
      : [
          ['new-window', '-t', `${sessionId}:`, ...directory, ...program],
          ['set-option', '-w', '-t', `${sessionId}:`, 'remain-on-exit', 'on'],
        ];
  let isMade = false;
  try {
    isMade = await make(agent, commands, starting);
  } finally {
    if (!isMade) await handed.drop();
  }
}

/** False: somebody else was quicker. */
async function make(
  agent: AgentSpec,
  commands: readonly (readonly string[])[],
  starting: Starting,
): Promise<boolean> {
  let reason = '';
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const answer = await starting.outlasting(commands);
    if (answer.kind === 'done') return true;
    if (answer.kind === 'unknown') throw new SupervisorError(`cannot start ${agent.id}: ${answer.reason}`);
    // A server that was just going away deserves a second try.
    if ((await mustFind(agent, starting)).lead !== undefined) return false;
    reason = answer.kind === 'refused' ? answer.reason : 'the tmux server ended at once';
  }
  throw new SupervisorError(`cannot start ${agent.id}: ${reason}`);
}

async function mustFind(agent: AgentSpec, { tmux }: Starting): Promise<FoundAgent> {
  const whereabouts = await findAgents(tmux, [agent]);
  const found = whereabouts.kind === 'known' ? whereabouts.agents[0] : undefined;
  if (found) return found;
  throw new SupervisorError(
    `cannot tell whether ${agent.id} has started: ${whereabouts.kind === 'unknown' ? whereabouts.reason : ''}`,
  );
}

async function diedAtOnce(found: FoundAgent, { tmux, root }: Starting): Promise<SupervisorError> {
  const lastLines = (await Promise.all(found.panes.map((pane) => capture(tmux, pane, 15)))).flat();
  const end = readEnd(root, found.spec);
  const how = !end ? '' : end.kind === 'exited' ? ` (exit code ${end.code})` : ` (signal ${end.signal})`;
  if (!found.betweenLives) await closePanes(tmux, found.panes);
  const then = found.betweenLives ? '; its restart loop goes on trying' : '';
  return new SupervisorError(`${found.spec.id} ended right after its start${how}${then}`, { lastLines });
}

async function closePanes(tmux: Tmux, panes: readonly Pane[]): Promise<void> {
  for (const pane of panes) await inPane(tmux, pane, `kill-pane -t ${pane.id}`);
}
