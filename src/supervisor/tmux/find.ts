import type { AgentSpec } from '../../domain/agent.ts';
import type { NotedAgent } from '../../domain/stop-record.ts';
import { growTree, isBetweenLives, leadOf, type TreeRoots } from '../process/agent-tree.ts';
import type { FoundAgent, Whereabouts } from '../process/found-agent.ts';
import { readLife } from '../process/life-records.ts';
import { isGone } from '../process/liveness.ts';
import { runsWrapper } from '../process/loop-commands.ts';
import { remainsOf } from '../process/orphans.ts';
import { bootId, ourLine } from '../process/process-life.ts';
import { type Process, type ProcessTable, readProcessTable } from '../process/process-table.ts';
import { eachOnce, listPanes, type Pane } from './panes.ts';
import type { Tmux } from './tmux.ts';

/** Where an agent is: its panes, and what hangs in them. */
export interface FoundInTmux extends FoundAgent {
  /** Usually one. A pane that somebody else opened in the agent's session is not the agent's. */
  readonly panes: readonly Pane[];
  /** There while a session of the agent's name is, whoever's panes are in it. */
  readonly sessionId: string | undefined;
  /** In that session, an agent of the same id that another team runs. */
  readonly namesake: Pane | undefined;
}

/** Finds many agents at the price of one tmux command and one look at the processes. */
export async function findAgents(
  tmux: Tmux,
  root: string,
  specs: readonly AgentSpec[],
  timeoutMs?: number,
): Promise<Whereabouts<FoundInTmux>> {
  const listing = await listPanes(tmux, timeoutMs);
  return listing.kind === 'unknown' ? listing : locateAgents(listing.panes, root, specs);
}

export async function locateAgents(
  listed: readonly Pane[],
  root: string,
  specs: readonly AgentSpec[],
): Promise<Whereabouts<FoundInTmux>> {
  const table = await readProcessTable();
  const hidden = listed.find(({ serverPid }) => table.get(serverPid) === undefined && !isGone(serverPid));
  if (hidden !== undefined) return { kind: 'unknown', reason: isHidden(hidden) };
  // Its panes end with a server; what lives on of them is looked for without it.
  const panesNow = listed.filter(({ serverPid }) => table.get(serverPid) !== undefined);
  const stranger = panesNow.find((pane) => !isChildOfServer(pane, table));
  if (stranger !== undefined) return { kind: 'unknown', reason: notItsChild(stranger) };
  const bySession = Map.groupBy(panesNow, (pane) => pane.session);
  const startedFor = byWord(panesNow);
  const panePids = new Set(panesNow.filter(isLive).map(({ pid }) => pid));
  const barredFrom = barring(panesNow, table);
  const agents = specs.map((spec) => {
    const inSession = bySession.get(spec.session) ?? [];
    // People and their hooks rename sessions, and move panes between them: what was started for an agent is the agent's anywhere.
    const elsewhere = (startedFor.get(spec.id) ?? []).filter(({ pane }) => pane.session !== spec.session);
    const started = elsewhere.map(({ pane }) => pane).filter((pane) => isToRun(pane, spec));
    const known = [...agentPanes(inSession, spec, table), ...started];
    const life = known.some(isLive) ? undefined : readLife(root, spec);
    const panes = eachOnce([...known, ...panesOf(life, panesNow, table)]);
    const remains = panes.some(isLive) ? [] : remainsOf({ spec, root, life }, table);
    const adrift = remains.filter((process) => !hangsInPane(process, panePids, table));
    const namesake = findNamesake(inSession, panes, spec);
    const found = find(spec, panes, adrift, barredFrom(panes), table);
    return { ...withLead(found, life), sessionId: inSession[0]?.sessionId, namesake };
  });
  return { kind: 'known', agents };
}

function find(
  spec: AgentSpec,
  panes: readonly Pane[],
  adrift: readonly Process[],
  barred: TreeRoots['barred'],
  table: ProcessTable,
): Omit<FoundInTmux, 'sessionId' | 'namesake'> {
  const roots = [...panes.filter(isLive), ...adrift].map(({ pid }) => pid);
  const tree = growTree({ wrapper: spec.wrapper, roots, barred });
  const members = tree.update(table);
  const betweenLives = isBetweenLives(members, table);
  const lead = betweenLives ? undefined : leadOf(members);
  const outlived = adrift.length > 0 ? { outlived: true as const } : {};
  return { spec, panes, tree, members, lead, betweenLives, ...outlived, table };
}

/** Of what has outlived its pane, the agent is who it was. */
function withLead<Found extends FoundAgent>(found: Found, life: NotedAgent | undefined): Found {
  const { lead, outlived, members } = found;
  if (lead === undefined || !outlived) return found;
  const same = members.find(
    ({ process: { pid, startTime } }) =>
      pid === life?.incarnation?.pid && startTime === life.incarnation.startTime,
  );
  return { ...found, lead: same?.process ?? lead };
}

/** Not so where somebody made up the server's answer, or where it counts the pids of another container. */
function isChildOfServer({ dead, pid, serverPid }: Pane, table: ProcessTable): boolean {
  const process = dead ? undefined : table.get(pid);
  return process === undefined || process.ppid === serverPid;
}

function notItsChild({ id, pid, serverPid }: Pane): string {
  return `the tmux server (pid ${serverPid}) says that its pane ${id} runs pid ${pid}, which is no child of it: either it runs in another container, or somebody has made that up`;
}

function isHidden({ serverPid }: Pane): string {
  return `the tmux server (pid ${serverPid}) lives, and its processes are hidden from Muster; is /proc mounted with hidepid?`;
}

function isLive({ dead }: Pane): boolean {
  return !dead;
}

/** Wherever they are by now, such as in a session that somebody has given another name. */
function panesOf(
  life: NotedAgent | undefined,
  listed: readonly Pane[],
  table: ProcessTable,
): readonly Pane[] {
  if (life?.bootId !== bootId()) return [];
  return listed.filter(({ dead, pid }) => {
    if (dead) return false;
    const noted = life.processes.find((process) => process.pid === pid);
    return noted !== undefined && table.get(pid)?.startTime === noted.startTime;
  });
}

function hangsInPane(process: Process, panePids: ReadonlySet<number>, table: ProcessTable): boolean {
  for (let at: Process | undefined = process; at; at = table.get(at.ppid)) {
    if (panePids.has(at.pid)) return true;
  }
  return false;
}

/**
 * The panes that run the wrapper for this agent, else those that were started to run it. Others in its session are somebody else's: another
 * agent's, where a person or a hook has put its pane there, and told to the same wrapper.
 */
function agentPanes(inSession: readonly Pane[], spec: AgentSpec, table: ProcessTable): readonly Pane[] {
  const withWrapper = inSession.filter((pane) => !pane.dead && isWrapperBelow(pane.pid, spec, table));
  if (withWrapper.length > 0) return withWrapper;
  return inSession.filter((pane) => isStartedFor(pane, spec) && isToRun(pane, spec));
}

/** It was started with this wrapper, and not with one whose path only ends or begins like its own. */
function isToRun({ command }: Pane, { wrapper }: AgentSpec): boolean {
  const around = withoutQuotes(command).split(withoutQuotes(wrapper));
  return around.some(
    (before, index) => /(^|[\s=;&|(])$/.test(before) && /^($|[\s;&|)])/.test(around[index + 1] ?? '/'),
  );
}

/** By each word of the command that a pane was started with. */
function byWord(panes: readonly Pane[]): ReadonlyMap<string, readonly { readonly pane: Pane }[]> {
  const all = panes.flatMap((pane) => [...new Set(wordsOf(pane.command))].map((word) => ({ word, pane })));
  return Map.groupBy(all, ({ word }) => word);
}

/** A pane that runs an agent of the same id, and so of another team. */
function findNamesake(inSession: readonly Pane[], own: readonly Pane[], spec: AgentSpec): Pane | undefined {
  return inSession.find((pane) => !own.includes(pane) && !pane.dead && isStartedFor(pane, spec));
}

function isStartedFor({ command }: Pane, { id }: AgentSpec): boolean {
  return wordsOf(command).includes(id);
}

/** With all of these words. */
export function isStartedWith({ command }: Pane, words: readonly string[]): boolean {
  const told = withoutQuotes(command);
  return words.every((word) => told.includes(withoutQuotes(word)));
}

/** tmux tells a command in quotes of its own choice. */
function withoutQuotes(text: string): string {
  return text.replace(/["'\\]/g, '');
}

function wordsOf(command: string): readonly string[] {
  return command.split(/[^A-Za-z0-9_:.-]+/);
}

function isWrapperBelow(pid: number, spec: AgentSpec, table: ProcessTable): boolean {
  const process = table.get(pid);
  if (!process) return false;
  const argv = table.argvOf(process);
  if (runsWrapper(argv, spec.wrapper)) return !isForAnother(argv, spec);
  return table.childrenOf(pid).some((child) => isWrapperBelow(child.pid, spec, table));
}

/** The wrapper is told which agent it runs, right behind its own path. One that is told none is whoever's session it is in. */
function isForAnother(argv: readonly string[], { wrapper, id }: AgentSpec): boolean {
  const [, behind = ''] = withoutQuotes(argv.join(' ')).split(withoutQuotes(wrapper));
  const [told = ''] = behind.trim().split(/[\s;&|)]/);
  return told.includes(':') && told !== id;
}

/** Never to be signalled: the tmux server, other panes than its own, ourselves and what we hang in. */
function barring(all: readonly Pane[], table: ProcessTable): (own: readonly Pane[]) => TreeRoots['barred'] {
  const everyones = new Set([...ourLine(table), ...all.map(({ serverPid }) => serverPid)]);
  const inPanes = new Set(all.map(({ pid }) => pid));
  return (own) => ({
    has: (pid) => everyones.has(pid) || (inPanes.has(pid) && own.every((pane) => pane.pid !== pid)),
  });
}
