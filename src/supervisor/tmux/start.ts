import type { AgentSpec } from '../../domain/agent.ts';
import { settled } from '../lifecycle/start-settled.ts';
import type { Clock } from '../process/clock.ts';
import { howItEnded } from '../process/exit-records.ts';
import type { Find } from '../process/found-agent.ts';
import { forgetLife, keepLife, keepStart, notKept } from '../process/life-records.ts';
import { isGone } from '../process/liveness.ts';
import type { Environment } from '../programs/environment.ts';
import { SupervisorError } from '../supervisor.ts';
import { type FoundInTmux, isStartedWith } from './find.ts';
import { handEnvironment } from './hand-environment.ts';
import { capture, inPane, type Pane } from './panes.ts';
import { isAtSocket, socketPath } from './socket.ts';
import { literally, type Tmux } from './tmux.ts';

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

/**
 * Starts the agent in a session of its own, or, if somebody's panes keep its session open, in a window there; then sees it live. A
 * start that fails has seen that nothing of it lives, or says what does.
 */
export async function start(before: FoundInTmux, find: Find<FoundInTmux>, starting: Starting): Promise<void> {
  const agent = before.spec;
  if (!/^[A-Za-z0-9_][A-Za-z0-9_-]*$/.test(agent.session)) {
    throw new SupervisorError(
      `cannot start ${agent.id}: tmux would change the session name "${agent.session}"; letters, digits, "-" and "_" are kept`,
    );
  }
  const look = () => find(agent, `cannot tell whether ${agent.id} has started`);
  const leader = await createPane(before, look, starting);
  let found = await settled(look, { ...starting, pollMs });
  for (const pane of found.panes) {
    await inPane(starting.tmux, pane, `set-option -w -u -t ${pane.windowId} remain-on-exit`);
  }
  if (found.lead !== undefined && isGone(found.lead.pid)) found = await look();
  if (leader !== undefined && found.lead === undefined && found.panes.every(({ dead }) => dead)) {
    await keepStart(starting.root, found, leader.pid).catch(notKept);
    found = await look();
    if (found.lead === undefined) await forgetLife(starting.root, agent);
  }
  if (found.lead !== undefined && found.outlived) throw closedAtOnce(found, leader);
  if (found.lead === undefined) throw await diedAtOnce(found, leader, starting);
  await keepLife(starting.root, found).catch(notKept);
}

interface Leader {
  readonly pid: number;
  /** Its server ends while nobody is attached. */
  readonly endsUnattached: boolean;
}

/** Resolves to the process that leads the new pane, if tmux has told it. */
async function createPane(
  before: FoundInTmux,
  look: () => Promise<FoundInTmux>,
  starting: Starting,
): Promise<Leader | undefined> {
  const { envFile, wrapper, id } = before.spec;
  const handed = await handEnvironment(starting.root, starting.env);
  const program = [...handed.prefix, '/bin/sh', starting.launcher, envFile, wrapper, id];
  let isMade = false;
  try {
    const made = await make(before, program, look, starting);
    isMade = made !== 'by others';
    return made === 'by others' ? undefined : made.leader;
  } finally {
    if (!isMade) await handed.drop();
  }
}

async function make(
  before: FoundInTmux,
  program: readonly string[],
  look: () => Promise<FoundInTmux>,
  starting: Starting,
): Promise<{ readonly leader: Leader | undefined } | 'by others'> {
  let there = before;
  let reason = '';
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    if (there.namesake !== undefined) throw belongsToAnother(there.spec, there.namesake);
    const answer = await starting.outlasting(commandsFor(there, program));
    if (answer.kind === 'done') return { leader: leaderIn(answer.output) };
    // A person's hook that fails, or takes its time, spoils the answer and not the start.
    there = await look();
    const made = there.panes.find((pane) => isStartedWith(pane, program));
    if (made !== undefined) return { leader: { pid: made.pid, endsUnattached: false } };
    if (there.lead !== undefined) return 'by others';
    if (answer.kind === 'unknown') throw cannotStart(there.spec, answer.reason);
    // A server that was just going away deserves a second try, and so does one whose configuration makes a session of this name.
    reason = answer.kind === 'refused' ? answer.reason : noServer(starting.env);
  }
  throw cannotStart(there.spec, reason);
}

/**
 * Options come in the same request: what a short life printed can still be read, and no session is closed because nobody is attached.
 * `-q`, as a hook may have renamed the session by then.
 */
function commandsFor(
  { spec: { session, cwd }, sessionId }: FoundInTmux,
  program: readonly string[],
): readonly (readonly string[])[] {
  const told = ['-P', '-F', leaderFormat, '-c', literally(cwd)];
  const made =
    sessionId === undefined
      ? ['new-session', '-d', '-s', session, '-x', '200', '-y', '50', ...told, '--', ...program]
      : ['new-window', '-t', `${sessionId}:`, ...told, '--', ...program];
  const target = sessionId === undefined ? `=${session}:` : `${sessionId}:`;
  return [
    made,
    ['set-option', '-q', '-w', '-t', target, 'remain-on-exit', 'on'],
    ['set-option', '-q', '-t', target, 'destroy-unattached', 'off'],
  ];
}

/** Among what hooks may say besides. */
const leaderFormat = 'leader #{pane_id} #{pane_pid} #{exit-unattached}';

function leaderIn(output: string): Leader | undefined {
  const [, pid, endsUnattached] = /^leader %\d+ (\d+) (\d?)$/m.exec(output) ?? [];
  return pid === undefined ? undefined : { pid: Number(pid), endsUnattached: endsUnattached === '1' };
}

function cannotStart({ id }: AgentSpec, reason: string): SupervisorError {
  return new SupervisorError(`cannot start ${id}: ${reason}`);
}

function belongsToAnother(agent: AgentSpec, namesake: Pane): SupervisorError {
  const reason = `its session ${agent.session} belongs to another team's agent of that name (${namesake.command})`;
  return cannotStart(agent, reason);
}

function noServer(env: Environment): string {
  if (!isAtSocket(env)) return 'the tmux server ended at once';
  return `there is no tmux server at ${socketPath(env)}, and only its own user may start it; after muster setup: systemctl start muster-agents`;
}

function closedAtOnce({ spec, lead }: FoundInTmux, leader: Leader | undefined): SupervisorError {
  const livesOn =
    lead === undefined ? '' : `; pid ${lead.pid} has outlived it, and a drain or down of ${spec.id} ends it`;
  const why = leader?.endsUnattached
    ? 'that server ends while nobody is attached to it; take exit-unattached out of its configuration'
    : 'a hook on new sessions may do; look for one in the configuration of that tmux server';
  return cannotStart(spec, `its tmux session was closed at once, as ${why}${livesOn}`);
}

async function diedAtOnce(
  found: FoundInTmux,
  leader: Leader | undefined,
  { tmux, root, clock }: Starting,
): Promise<SupervisorError> {
  // A pane that its program has ended in would have stayed, but for the hooks that take it away.
  const isClosed = found.panes.length === 0;
  if (isClosed && leader?.endsUnattached) return closedAtOnce(found, leader);
  const lastLines = (await Promise.all(found.panes.map((pane) => capture(tmux, pane, 15)))).flat();
  if (!found.betweenLives) await closePanes(tmux, found.panes);
  const then = found.betweenLives ? '; its restart loop goes on trying' : isClosed ? closedToo : '';
  const how = await howItEnded(root, found.spec, clock);
  return new SupervisorError(`${found.spec.id} ended right after its start${how}${then}`, { lastLines });
}

const closedToo =
  ', and its tmux session was closed; if it did not end by itself, look for a hook on new sessions in the configuration of that tmux server';

async function closePanes(tmux: Tmux, panes: readonly Pane[]): Promise<void> {
  for (const pane of panes) await inPane(tmux, pane, `kill-pane -t ${pane.id}`);
}
