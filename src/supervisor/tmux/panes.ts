import type { Tmux, TmuxAnswer } from './tmux.ts';

/** Closes the panes, whatever still runs in them; resolves to what was wrong with those that stayed. */
export async function closePanes(tmux: Tmux, panes: readonly Pane[]): Promise<readonly string[]> {
  const reasons = await Promise.all(panes.map((pane) => closePane(tmux, pane)));
  return reasons.filter((reason) => reason !== undefined);
}

async function closePane(tmux: Tmux, pane: Pane): Promise<string | undefined> {
  const answer = await inPane(tmux, pane, `kill-pane -t ${pane.id}`);
  if (answer.kind === 'done' || answer.kind === 'absent') return undefined;
  const listing = await listPanes(tmux);
  const isGone = listing.kind === 'panes' && !listing.panes.some((other) => isSame(pane, other));
  return isGone ? undefined : answer.reason;
}

/** Ids (`$1`, `@1`, `%1`) start again with every server: an id means something only together with its server. */
export interface Pane {
  readonly serverPid: number;
  readonly session: string;
  readonly sessionId: string;
  readonly windowId: string;
  readonly id: string;
  readonly pid: number;
  /** Its process has ended, and the pane was told to stay. */
  readonly dead: boolean;
  /** The program it was started with, as tmux quotes it; empty for somebody's shell. */
  readonly command: string;
}

export type PaneListing =
  | { readonly kind: 'panes'; readonly panes: readonly Pane[] }
  | { readonly kind: 'unknown'; readonly reason: string };

const fields = [
  '#{pid}',
  '#{session_id}',
  '#{window_id}',
  '#{pane_id}',
  '#{pane_pid}',
  '#{pane_dead}',
  '#{session_name}',
  '#{pane_start_command}',
];

export const paneFormat = fields.join('\t');

/** Every pane of the server. It is the only place where names are looked up: tmux's own lookup takes a prefix or a pattern for a name. */
export async function listPanes(tmux: Tmux, timeoutMs?: number): Promise<PaneListing> {
  for (let tries = 1; ; tries += 1) {
    const answer = await tmux([['list-panes', '-a', '-F', paneFormat]], timeoutMs);
    if (answer.kind === 'done') return { kind: 'panes', panes: parsePanes(answer.output) };
    if (answer.kind === 'absent') return { kind: 'panes', panes: [] };
    if (answer.kind === 'refused' && (await hasNoSessions(tmux, timeoutMs)))
      return { kind: 'panes', panes: [] };
    // A server that is just going away refuses, and one whose first session has come since: the next question finds what there is.
    if (answer.kind === 'unknown' || tries === 3) return { kind: 'unknown', reason: answer.reason };
  }
}

/** A server without sessions refuses to list panes ("no current target") and lists its sessions: none. */
async function hasNoSessions(tmux: Tmux, timeoutMs?: number): Promise<boolean> {
  const answer = await tmux([['list-sessions', '-F', '#{session_id}']], timeoutMs);
  return answer.kind === 'done' && answer.output === '';
}

/** A command may itself hold line ends: what does not begin like a pane belongs to the line before it. */
export function parsePanes(output: string): Pane[] {
  return output.split('\n').flatMap((line) => {
    const [serverPid, sessionId = '', windowId = '', id = '', pid, dead, session = '', ...command] =
      line.split('\t');
    if (!/^\$\d+$/.test(sessionId) || !/^@\d+$/.test(windowId) || !/^%\d+$/.test(id)) return [];
    return [
      {
        serverPid: Number(serverPid),
        session,
        sessionId,
        windowId,
        id,
        pid: Number(pid),
        dead: dead === '1',
        command: command.join('\t'),
      },
    ];
  });
}

/** One whose window is linked to several sessions is listed in each of them. */
export function eachOnce(panes: readonly Pane[]): readonly Pane[] {
  return panes.filter((pane, index) => panes.findIndex((other) => isSame(pane, other)) === index);
}

export function isSame(one: Pane, other: Pane): boolean {
  return one.serverPid === other.serverPid && one.id === other.id && one.pid === other.pid;
}

/** Runs the command only if the pane is still the one that was listed: same server, same id, same process. */
export function inPane(tmux: Tmux, pane: Pane, command: string): Promise<TmuxAnswer> {
  const isThatOne = `#{&&:#{==:#{pid},${pane.serverPid}},#{==:#{pane_pid},${pane.pid}}}`;
  return tmux([['if-shell', '-F', '-t', pane.id, isThatOne, command]]);
}

/** The last lines of a pane, without the empty rest of its screen; none if the pane has gone or cannot be read. */
export async function capture(tmux: Tmux, pane: Pane, count: number): Promise<readonly string[]> {
  const answer = await inPane(tmux, pane, `capture-pane -p -J -t ${pane.id} -S -${count}`);
  if (answer.kind !== 'done') return [];
  const lines = answer.output.split('\n').map((line) => line.trimEnd());
  dropEmptyEnd(lines);
  // tmux's own words in a pane that outlives its program.
  if (/^Pane is dead( \(|$)/.test(lines.at(-1) ?? '')) {
    lines.pop();
    dropEmptyEnd(lines);
  }
  return lines.slice(-count);
}

function dropEmptyEnd(lines: string[]): void {
  while (lines.at(-1) === '') lines.pop();
}
