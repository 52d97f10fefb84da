import type { AgentState } from '../../domain/observation.ts';
import { isBetweenLives, type Member } from '../process/agent-tree.ts';
import type { Clock } from '../process/clock.ts';
import type { FoundAgent } from '../process/found-agent.ts';
import { createPulse } from '../process/liveness.ts';
import { isAlive } from '../process/process-life.ts';
import { type Process, type ProcessTable, readShared } from '../process/process-table.ts';

/** What a stop sees of its agent, from what was found to the last look. */
export interface Sight {
  members(): readonly Member[];
  table(): ProcessTable;
  /** Looks at everything; resolves to what lives. */
  survey(): Promise<readonly Process[]>;
  /** Whether what was asked is gone. */
  look(): Promise<AgentState>;
  /** Waits, but not for long, until the loop sleeps or has gone as well. */
  settle(withinMs: number): Promise<void>;
  /** Aborted as soon as a process of the agent is gone. Needs `feel`. */
  hint(): AbortSignal;
  /** From now on ends are felt at once, until the answer is called. */
  feel(): () => void;
  hasSeen(process: Process): boolean;
}

/** Between two looks at everything; in between it is enough that something of the agent still lives. */
const surveyEveryMs = 250;

const settlePollMs = 10;

const pulseMs = 10;

export function createSight(found: FoundAgent, clock: Clock, readTable = readShared): Sight {
  const everSeen = new Set<string>();
  let table = found.table;
  let tableAt = performance.now();
  let surveyedAt = clock.now();
  let members = seen(found.members);
  let gone = new AbortController();
  let pulse: ReturnType<typeof createPulse> | undefined;
  const hadAgent = members.some(isAgent);
  if (hadAgent || found.betweenLives) found.tree.asked();

  return {
    members: () => members,
    table: () => table,
    survey,
    async look() {
      if (clock.now() - surveyedAt < surveyEveryMs && (await anyAlive(members.filter(isAgent)))) {
        return 'running';
      }
      await survey();
      if (members.some(isAgent)) return 'running';
      return hadAgent || members.length === 0 || isBetweenLives(members, table) ? 'stopped' : 'running';
    },
    async settle(withinMs) {
      const until = clock.now() + withinMs;
      while ((await survey()).length > 0 && !isBetweenLives(members, table) && clock.now() < until) {
        await clock.sleep(settlePollMs);
      }
    },
    hint: () => gone.signal,
    feel() {
      pulse = createPulse({
        everyMs: pulseMs,
        onGone() {
          gone.abort();
          gone = new AbortController();
        },
      });
      feelMembers();
      return pulse.close;
    },
    hasSeen: (process) => everSeen.has(identity(process)),
  };

  /**
   * A table is not of one moment: whoever forks and ends while it is read may be missing from it together with the child. So when
   * something has gone, what it has left is looked for once more.
   */
  async function survey(): Promise<readonly Process[]> {
    const before = members;
    await read(tableAt);
    const left = new Set(members.map(({ process }) => identity(process)));
    if (before.some(({ process }) => !left.has(identity(process)))) await read(performance.now());
    surveyedAt = clock.now();
    feelMembers();
    return members.map((member) => member.process);
  }

  async function read(after: number): Promise<void> {
    const reading = await readTable(after);
    table = reading.table;
    tableAt = reading.at;
    members = seen(found.tree.update(table));
  }

  function feelMembers(): void {
    pulse?.feel({ silent: members.filter(isAgent).map(({ process: { pid } }) => pid) });
  }

  function seen(now: readonly Member[]): readonly Member[] {
    for (const { process } of now) everSeen.add(identity(process));
    return now;
  }
}

function identity({ pid, startTime }: Process): string {
  return `${pid} ${startTime}`;
}

function isAgent({ part }: Member): boolean {
  return part === 'agent';
}

async function anyAlive(members: readonly Member[]): Promise<boolean> {
  for (const { process } of members) if (await isAlive(process)) return true;
  return false;
}
