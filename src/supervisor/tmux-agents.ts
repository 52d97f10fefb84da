import type { AgentSpec } from '../team/agent-spec.ts';
import { growTree, isBetweenLives, leadOf } from './agent-tree.ts';
import type { FoundAgent, Whereabouts } from './found-agent.ts';
import { runsWrapper } from './loop-commands.ts';
import { ourLine } from './process-life.ts';
import { type ProcessTable, readProcessTable } from './process-table.ts';
import type { Tmux } from './tmux-command.ts';
import { listPanes, type Pane } from './tmux-panes.ts';

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
  specs: readonly AgentSpec[],
  timeoutMs?: number,
): Promise<Whereabouts<FoundInTmux>> {
  const listing = await listPanes(tmux, timeoutMs);
  return listing.kind === 'unknown' ? listing : locateAgents(listing.panes, specs);
}

export async function locateAgents(
  listed: readonly Pane[],
  specs: readonly AgentSpec[],
): Promise<Whereabouts<FoundInTmux>> {
  const table = await readProcessTable();
  const bySession = Map.groupBy(listed, (pane) => pane.session);
  const agents = specs.map((spec) => {
    const inSession = bySession.get(spec.session) ?? [];
    const panes = agentPanes(inSession, spec, table);
    const barred = barredFrom(panes, listed, table);
    const namesake = findNamesake(inSession, panes, spec);
    return { ...find(spec, panes, barred, table), sessionId: inSession[0]?.sessionId, namesake };
  });
  return { kind: 'known', agents };
}

function find(
  spec: AgentSpec,
  panes: readonly Pane[],
  barred: ReadonlySet<number>,
  table: ProcessTable,
): Omit<FoundInTmux, 'sessionId' | 'namesake'> {
  const roots = panes.filter((pane) => !pane.dead).map((pane) => pane.pid);
  const tree = growTree({ wrapper: spec.wrapper, roots, barred });
  const members = tree.update(table);
  const betweenLives = isBetweenLives(members, table);
  const lead = betweenLives ? undefined : leadOf(members);
  return { spec, panes, tree, members, lead, betweenLives, table };
}

/** The panes that run the wrapper, else those that were started to run this agent. Others in its session are somebody else's. */
function agentPanes(inSession: readonly Pane[], spec: AgentSpec, table: ProcessTable): readonly Pane[] {
  const withWrapper = inSession.filter((pane) => !pane.dead && isWrapperBelow(pane.pid, spec, table));
  if (withWrapper.length > 0) return withWrapper;
  return inSession.filter(
    (pane) => isStartedFor(pane, spec) && withoutQuotes(pane.command).includes(withoutQuotes(spec.wrapper)),
  );
}

/** A pane that runs an agent of the same id, and so of another team. */
function findNamesake(inSession: readonly Pane[], own: readonly Pane[], spec: AgentSpec): Pane | undefined {
  return inSession.find((pane) => !own.includes(pane) && !pane.dead && isStartedFor(pane, spec));
}

function isStartedFor({ command }: Pane, { id }: AgentSpec): boolean {
  return wordsOf(command).includes(id);
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
  if (runsWrapper(table.argvOf(process), spec.wrapper)) return true;
  return table.childrenOf(pid).some((child) => isWrapperBelow(child.pid, spec, table));
}

/** Never to be signalled: the tmux server, other panes, ourselves and what we hang in. */
function barredFrom(own: readonly Pane[], all: readonly Pane[], table: ProcessTable): ReadonlySet<number> {
  const barred = new Set(ourLine(table));
  for (const pane of all) {
    barred.add(pane.serverPid);
    if (!own.includes(pane)) barred.add(pane.pid);
  }
  return barred;
}
