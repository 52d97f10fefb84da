import type { AgentSpec } from '../team/agent-spec.ts';
import type { Clock } from './clock.ts';
import { howItEnded } from './ends.ts';
import type { Find } from './finder.ts';
import { handEnvironment } from './handed-environment.ts';
import { keepLife, notKept } from './lives.ts';
import { isGone } from './pulse.ts';
import { settled } from './start-settled.ts';
import { SupervisorError } from './supervisor.ts';
import type { FoundInTmux } from './tmux-agents.ts';
import { type Environment, isAtSocket, literally, socketPath, type Tmux } from './tmux-command.ts';
import { inPane, type Pane } from './tmux-panes.ts';
import { capture } from './tmux-text.ts';

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

const pollMs = 100;
const attempts = 3;

/** Starts the agent in a session of its own, or, if somebody's panes keep its session open, in a window there; then sees it live. */
export async function start(
  { spec: agent, sessionId, namesake }: FoundInTmux,
  find: Find<FoundInTmux>,
  starting: Starting,
): Promise<void> {
  if (!/^[A-Za-z0-9_][A-Za-z0-9_-]*$/.test(agent.session)) {
    throw new SupervisorError(
      `cannot start ${agent.id}: tmux would change the session name "${agent.session}"; letters, digits, "-" and "_" are kept`,
    );
  }
  if (namesake !== undefined) {
    throw new SupervisorError(
      `cannot start ${agent.id}: its session ${agent.session} belongs to another team's agent of that name (${namesake.command})`,
    );
  }
  const look = () => find(agent, `cannot tell whether ${agent.id} has started`);
  await createPane(agent, sessionId, look, starting);
  let found = await settled(look, { ...starting, pollMs });
  for (const pane of found.panes) {
    await inPane(starting.tmux, pane, `set-option -w -u -t ${pane.windowId} remain-on-exit`);
  }
  if (found.lead !== undefined && isGone(found.lead.pid)) found = await look();
  if (found.lead === undefined) throw await diedAtOnce(found, starting);
  await keepLife(starting.root, found).catch(notKept);
}

/** `remain-on-exit` comes in the same request, so that what a short life printed can still be read. */
async function createPane(
  agent: AgentSpec,
  sessionId: string | undefined,
  look: () => Promise<FoundInTmux>,
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
    isMade = await make(agent, commands, look, starting);
  } finally {
    if (!isMade) await handed.drop();
  }
}

/** False: somebody else was quicker. */
async function make(
  agent: AgentSpec,
  commands: readonly (readonly string[])[],
  look: () => Promise<FoundInTmux>,
  starting: Starting,
): Promise<boolean> {
  let reason = '';
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const answer = await starting.outlasting(commands);
    if (answer.kind === 'done') return true;
    if (answer.kind === 'unknown') throw new SupervisorError(`cannot start ${agent.id}: ${answer.reason}`);
    // A server that was just going away deserves a second try.
    if ((await look()).lead !== undefined) return false;
    reason = answer.kind === 'refused' ? answer.reason : noServer(starting.env);
  }
  throw new SupervisorError(`cannot start ${agent.id}: ${reason}`);
}

function noServer(env: Environment): string {
  if (!isAtSocket(env)) return 'the tmux server ended at once';
  return `there is no tmux server at ${socketPath(env)}, and only its own user may start it; after npm run setup: systemctl start muster-agents`;
}

async function diedAtOnce(found: FoundInTmux, { tmux, root }: Starting): Promise<SupervisorError> {
  const lastLines = (await Promise.all(found.panes.map((pane) => capture(tmux, pane, 15)))).flat();
  if (!found.betweenLives) await closePanes(tmux, found.panes);
  const then = found.betweenLives ? '; its restart loop goes on trying' : '';
  return new SupervisorError(
    `${found.spec.id} ended right after its start${howItEnded(root, found.spec)}${then}`,
    { lastLines },
  );
}

async function closePanes(tmux: Tmux, panes: readonly Pane[]): Promise<void> {
  for (const pane of panes) await inPane(tmux, pane, `kill-pane -t ${pane.id}`);
}
