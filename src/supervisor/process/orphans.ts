import type { AgentSpec } from '../../domain/agent.ts';
import type { NotedAgent } from '../../domain/stop-record.ts';
import { isServer } from './agent-tree.ts';
import { runsWrapper } from './loop-commands.ts';
import { bootId } from './process-life.ts';
import type { Process, ProcessTable } from './process-table.ts';
import { carries } from './strays.ts';

export interface Remains {
  readonly spec: AgentSpec;
  /** The team's root. */
  readonly root: string;
  /** As it was seen last. */
  readonly life: NotedAgent | undefined;
  readonly boot?: string;
}

/**
 * What lives on of an agent that no pane holds any more. Certain are three things: the very processes of its last life; what runs this
 * team's wrapper for this agent in a terminal session whose leader has gone; and such a session of its last life's, if one of those, or
 * the agent's environment, is in it. The environment alone is no sign: a daemon that an agent once started has it too.
 */
export function remainsOf(
  { spec, root, life, boot = bootId() }: Remains,
  table: ProcessTable,
): readonly Process[] {
  const noted = life?.bootId === boot ? life.processes : [];
  const exact = noted.flatMap(({ pid, startTime }) => {
    const process = table.get(pid);
    return process?.startTime === startTime ? [process] : [];
  });
  const orphaned = orphanedSessions(table);
  const loops = [...orphaned.all.filter(runsForAgent), ...orphaned.leaders.filter(isItsWrapper)];
  const certain = new Set([...exact, ...loops]);
  for (const { pid } of noted) {
    const session = orphaned.bySid.get(pid) ?? [];
    const isAgents = session.some(
      (process) => certain.has(process) || carries(process, { id: spec.id, root }),
    );
    if (isAgents) for (const process of session) certain.add(process);
  }
  return [...certain].filter((process) => !isServer(process));

  /** Where the pane's process was the wrapper, it leads its session still. */
  function isItsWrapper(process: Process): boolean {
    return table.argvOf(process).slice(0, 2).includes(spec.wrapper) && runsForAgent(process);
  }

  function runsForAgent(process: Process): boolean {
    const argv = table.argvOf(process);
    return argv.includes(spec.id) && runsWrapper(argv, spec.wrapper);
  }
}

interface OrphanedSessions {
  readonly all: readonly Process[];
  /** Leaders of sessions that are in no pane, of whatever tmux server. */
  readonly leaders: readonly Process[];
  readonly bySid: ReadonlyMap<number, readonly Process[]>;
}

const known = new WeakMap<ProcessTable, OrphanedSessions>();

/** Worked out once for all agents. While a session has a member its leader's pid is given to nobody else. */
function orphanedSessions(table: ProcessTable): OrphanedSessions {
  const before = known.get(table);
  if (before) return before;
  const all = [...table.all()].filter(({ sid }) => sid > 1 && table.get(sid) === undefined);
  const leaders = [...table.all()].filter(({ pid, sid, ppid }) => {
    const parent = table.get(ppid);
    return pid === sid && !(parent && isServer(parent));
  });
  const sessions = { all, leaders, bySid: Map.groupBy(all, ({ sid }) => sid) };
  known.set(table, sessions);
  return sessions;
}
