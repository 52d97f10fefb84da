import { isHelpersProgram, isLoopSleep, isRateLimitWatch, runsWrapper } from './loop-commands.ts';
import { startedAt } from './process-life.ts';
import type { Process, ProcessTable } from './process-table.ts';

/**
 * `loop`: what keeps the agent running (launcher, wrapper, rl-watch, and the wrapper's own small programs);
 * `agent`: what it runs; `next`: what the loop began after the agent had been asked to stop.
 */
export type Part = 'loop' | 'agent' | 'next';

export interface Member {
  readonly process: Process;
  readonly part: Part;
}

export interface AgentTree {
  /** Takes in what was forked since the last time, and says what lives now. */
  update(table: ProcessTable): readonly Member[];
  /** From now on what the loop starts is another life. */
  asked(): void;
}

export interface TreeRoots {
  /** Absolute path of the wrapper. */
  readonly wrapper: string;
  /** Processes of the agent's panes. */
  readonly roots: readonly number[];
  /** Never taken in, nor anything that hangs below them. */
  readonly barred: Pick<ReadonlySet<number>, 'has'>;
}

/**
 * Everything that hangs in the agent's panes: by parent, and by session, so that orphans are found whose parents have gone.
 * Remembers what it has seen, because a dead parent no longer leads to its children.
 */
export function growTree({ wrapper, roots, barred }: TreeRoots): AgentTree {
  const seen = new Map<number, Member>();
  const sessions = new Map<number, string | undefined>();
  /** Led by somebody else: what else is in them is not the agent's. */
  const foreign = new Set<number>();
  let hasBeenAsked = false;

  return {
    update(table) {
      const living = new Map<number, Member>();
      for (const [pid, member] of seen) {
        if (table.get(pid)?.startTime === member.process.startTime) living.set(pid, reconsidered(member));
      }
      const queue = [...living.values()].map((member) => member.process);
      if (seen.size === 0) {
        for (const root of roots) {
          const process = table.get(root);
          const leader = process && table.get(process.sid);
          if (leader && !roots.includes(leader.pid)) foreign.add(leader.sid);
          const isLoop = process !== undefined && (isServer(process) || mentionsWrapper(root));
          take(process, isLoop ? 'loop' : 'agent');
        }
      }
      while (true) {
        for (let process = queue.shift(); process; process = queue.shift()) takeChildren(process);
        const orphans = [...sessions.keys()]
          .flatMap((sid) => table.inSession(sid))
          .filter((process) => !living.has(process.pid) && isOrphan(process));
        for (const orphan of orphans) take(orphan, mentionsWrapper(orphan.pid) ? 'loop' : 'agent');
        if (queue.length === 0) break;
      }
      return [...living.values()];

      function take(process: Process | undefined, part: Part): void {
        if (!process || living.has(process.pid) || barred.has(process.pid)) return;
        if (isServer(process) && !roots.includes(process.pid)) return;
        const member = { process, part };
        living.set(process.pid, member);
        seen.set(process.pid, member);
        if (process.sid > 1 && !foreign.has(process.sid))
          sessions.set(process.sid, table.get(process.sid)?.startTime);
        queue.push(process);
      }

      /** What the loop had forked looked like the loop until it ran a program of its own. */
      function reconsidered(member: Member): Member {
        const parent = table.get(member.process.ppid);
        if (member.part !== 'loop' || !parent || !mentionsWrapper(parent.pid)) return member;
        const now = { process: member.process, part: partOfChild(member.process, parent, 'loop') };
        seen.set(member.process.pid, now);
        return now;
      }

      function takeChildren(parent: Process): void {
        const part = living.get(parent.pid)?.part ?? 'agent';
        for (const child of table.childrenOf(parent.pid)) take(child, partOfChild(child, parent, part));
      }

      function partOfChild(child: Process, parent: Process, parentsPart: Part): Part {
        if (parentsPart !== 'loop') return parentsPart;
        const argv = table.argvOf(child);
        if (isHelper(parent.pid) && (isHelpersProgram(argv) || runsSomethingElse(parent))) return 'loop';
        if (runsWrapper(argv, wrapper) || isRateLimitWatch(argv) || isLoopSleep(argv)) return 'loop';
        return hasBeenAsked ? 'next' : 'agent';
      }

      function mentionsWrapper(pid: number): boolean {
        const process = table.get(pid);
        return process !== undefined && runsWrapper(table.argvOf(process), wrapper);
      }

      /** What the wrapper does on the side. */
      function isHelper(pid: number): boolean {
        return mentionsWrapper(pid) && isOnTheSide(table.get(pid), table);
      }

      /** The agent is run by the wrapper itself, so what runs beside it is not the agent. */
      function runsSomethingElse({ ppid }: Process): boolean {
        return table.childrenOf(ppid).some((child) => {
          const argv = table.argvOf(child);
          return !runsWrapper(argv, wrapper) && !isLoopSleep(argv);
        });
      }

      function isOrphan(process: Process): boolean {
        if (table.get(process.ppid)?.sid === process.sid) return false;
        const leader = table.get(process.sid);
        return leader === undefined || leader.startTime === sessions.get(process.sid);
      }
    },
    asked() {
      hasBeenAsked = true;
    },
  };
}

/** Also what a server has just forked for a pane: it has the name until it runs a program of its own. */
export function isServer({ name }: Process): boolean {
  return name === 'tmux: server';
}

export function loopOf(members: readonly Member[]): readonly Process[] {
  return members.filter(({ part }) => part === 'loop').map(({ process }) => process);
}

/** The loop stands between two lives of the agent: it runs nothing and sleeps, whatever an earlier life has left behind. */
export function isBetweenLives(members: readonly Member[], table: ProcessTable): boolean {
  return waitBetweenLives(members, table) !== undefined;
}

/** When the sleep of a loop that stands between two lives is over; undefined where it does not, or waits for something else. */
export function nextLifeAt(members: readonly Member[], table: ProcessTable): Date | undefined {
  const wait = waitBetweenLives(members, table);
  const argv = wait === undefined ? [] : table.argvOf(wait);
  if (wait === undefined || !isLoopSleep(argv)) return undefined;
  return new Date(startedAt(wait).getTime() + Number(argv[1]) * 1000);
}

/** What the loop waits by. */
function waitBetweenLives(members: readonly Member[], table: ProcessTable): Process | undefined {
  const loop = new Map(loopOf(members).map((process) => [process.pid, process]));
  if (members.some(({ part, process }) => part !== 'loop' && loop.has(process.ppid))) return undefined;
  return [...loop.values()].find((process) => {
    const argv = table.argvOf(process);
    return (
      (isLoopSleep(argv) && !isOnTheSide(table.get(process.ppid), table)) ||
      (isRateLimitWatch(argv) && table.childrenOf(process.pid).length === 0)
    );
  });
}

/** A fork of a shell without a program of its own, which waits beside what the shell runs. */
function isOnTheSide(process: Process | undefined, table: ProcessTable): boolean {
  const parent = process && table.get(process.ppid);
  return (
    process !== undefined &&
    parent !== undefined &&
    table.argvOf(process).join('\0') === table.argvOf(parent).join('\0')
  );
}

/** The process that is the agent: the first that the loop started, or, where no loop is to be seen, the first that none of the others started. */
export function leadOf(members: readonly Member[]): Process | undefined {
  const loop = new Set(loopOf(members).map(({ pid }) => pid));
  const agents = members.filter((member) => member.part !== 'loop').map((member) => member.process);
  const pids = new Set(agents.map(({ pid }) => pid));
  const eldest = agents.find(({ ppid }) => !pids.has(ppid));
  return agents.find((process) => loop.has(process.ppid)) ?? eldest ?? members[0]?.process;
}
