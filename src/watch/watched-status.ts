import type { Host } from '../operations/host.ts';
import { JournalError } from '../operations/journal.ts';
import type { Selection } from '../operations/operation.ts';
import { type AgentStatus, readStatus, type TeamStatus } from '../operations/status.ts';
import type { AgentId } from '../team/team.ts';
import type { Mute } from './alert.ts';
import type { CrashLoop, CrashLoops } from './crash-loops.ts';
import { covers, type Mutes } from './mutes.ts';

/** What the watch has to say of an agent besides the state that it is in at this moment. */
export interface WatchNotes {
  readonly loop?: CrashLoop;
  /** The one that lasts longest, if several keep its alerts back. */
  readonly mute?: Mute;
}

export type WatchedAgent = AgentStatus & WatchNotes;

export interface WatchedStatus extends TeamStatus {
  readonly agents: readonly WatchedAgent[];
}

export interface WatchRecords {
  readonly crashLoops: Pick<CrashLoops, 'of' | 'all'>;
  readonly mutes: Pick<Mutes, 'all'>;
}

/** Throws `RefusedError` for a selection that does not exist. */
export async function readWatchedStatus(
  host: Host,
  selection: Selection,
  records: WatchRecords,
): Promise<WatchedStatus> {
  const status = await readStatus(host, selection);
  const notesOf = readNotes(records);
  return { ...status, agents: status.agents.map((agent) => ({ ...agent, ...notesOf(agent.id) })) };
}

/** Looking goes on without the journal; the status says by itself that it cannot be read. */
function readNotes({ crashLoops, mutes }: WatchRecords): (id: AgentId) => WatchNotes {
  try {
    const looping = new Map(crashLoops.all().map((id) => [id, crashLoops.of(id)]));
    const longestFirst = [...mutes.all()].sort((one, other) => other.until.getTime() - one.until.getTime());
    return (id) => {
      const loop = looping.get(id);
      const mute = longestFirst.find((each) => covers(each, id));
      return { ...(loop && { loop }), ...(mute && { mute }) };
    };
  } catch (error) {
    if (!(error instanceof JournalError)) throw error;
    return () => ({});
  }
}

/** `crash loop: 6 deaths in 12 min` */
export function loopNote({ deaths, since }: CrashLoop, asOf: Date, lasting: (ms: number) => string): string {
  const times = `${deaths} ${deaths === 1 ? 'death' : 'deaths'}`;
  return `crash loop: ${times} in ${lasting(asOf.getTime() - since.getTime())}`;
}

/** `its loop starts it again in 2 min`; without the time where that is not known, or has come. */
export function restartNote(
  { nextStartAt }: { readonly nextStartAt?: Date },
  asOf: Date,
  lasting: (ms: number) => string,
): string {
  const waitMs = nextStartAt === undefined ? 0 : nextStartAt.getTime() - asOf.getTime();
  return `its loop starts it again${waitMs >= 1000 ? ` in ${lasting(Math.round(waitMs / 1000) * 1000)}` : ''}`;
}
