import type { AgentId } from '../domain/agent.ts';
import type { Alert, MuteOver } from '../domain/alert.ts';
import type { Edge } from '../domain/state-change.ts';
import { type Journal, JournalError } from '../journal/journal.ts';
import type { Wanted } from '../operations/records/desired-state.ts';
import type { StateChange } from '../supervisor/supervisor.ts';
import type { Timers } from '../timers.ts';
import { type AlertBook, createAlertBook } from './alerts/alert-grouping.ts';
import { type CrashLoops, createCrashLoops } from './alerts/crash-loops.ts';
import { createMutes, type Mutes } from './alerts/mutes.ts';
import { createMemory, type Write } from './changes/last-seen.ts';
import type { OwnWork } from './changes/own-operations.ts';
import { createTracker } from './changes/tracker.ts';
import { createHeartbeat } from './heartbeat.ts';

export interface KeeperOptions {
  readonly journal: Journal;
  readonly wanted: Pick<Wanted, 'of' | 'set'>;
  readonly work: OwnWork;
  readonly timers: Timers;
  /** Whether the agent's host is still in that boot. */
  readonly isSameBoot: (id: AgentId, bootId: string) => boolean;
  readonly newAlertId: () => string;
  readonly memoryKills: () => number;
  readonly onAlert: (alert: Alert) => void;
  readonly onMuteOver: (over: MuteOver) => void;
  /** The journal failed; what was seen meanwhile is told when it can be written. */
  readonly onError: (error: Error) => void;
}

/** Makes alerts of what a watch tells, and keeps all that has to outlive this process. */
export interface Keeper extends Pick<AlertBook, 'told'> {
  readonly mutes: Mutes;
  readonly crashLoops: CrashLoops;
  /** Tells again what may not have been told. */
  begin(): void;
  see(change: StateChange): void;
  /** All other agents are gone from the team. */
  follow(agents: ReadonlySet<AgentId>): void;
  /** To be called every few seconds. */
  beat(): void;
  /** Muster stops as it should. */
  end(): void;
}

/** Longer than it takes to tell Slack of a mute that somebody ended there. */
const endedHereMs = 30_000;

export function createKeeper(options: KeeperOptions): Keeper {
  const { journal, timers, work } = options;
  const { now } = timers;
  const memory = createMemory(journal, now);
  const mutes = createMutes(journal, now);
  const crashLoops = createCrashLoops(journal, memory, now);
  const heartbeat = createHeartbeat(journal, now);
  const absence = heartbeat.absence();
  const book = createAlertBook({
    journal,
    mutes,
    now,
    newId: options.newAlertId,
    surroundings: () => ({
      running: [...memory.all().values()].filter(({ state }) => state === 'running').length,
      memoryKills: options.memoryKills(),
      operationOn: work.underWay,
    }),
  });
  const tracker = createTracker({
    ...options,
    timers: { now, after: (ms, act) => timers.after(ms, () => guarded(act)) },
    memory,
    unreadable: book.unreadable(),
    ...(absence ? { absence } : {}),
    isTold: (edge) => mutes.of('id' in edge ? edge.id : undefined) === undefined,
    tell,
  });

  /** What could not be written yet, oldest first. */
  let owed: readonly Noticed[] = [];
  const mutesOver = new Set<number>();

  return {
    mutes,
    crashLoops,
    told: book.told,
    begin() {
      guarded(() => book.untold().forEach(options.onAlert));
      guarded(() => tellMutesOver(0));
    },
    see: (change) => guarded(() => tracker.see(change)),
    follow: (agents) => guarded(() => tracker.follow(agents)),
    beat() {
      writeOwed();
      guarded(() => {
        heartbeat.beat();
        mutes.expire();
        tellMutesOver(endedHereMs);
        if (owed.length > 0) return;
        const later = [...crashLoops.over(), ...keptDown()];
        if (later.length > 0) tell(later, []);
      });
    },
    end() {
      tracker.close();
      writeOwed();
      guarded(() => heartbeat.stop());
    },
  };

  /**
   * Each once in this process: its time was up, or somebody ended it in another process of Muster's. Whoever ends one in this process
   * tells it himself, and has so many milliseconds for that.
   */
  function tellMutesOver(graceMs: number): void {
    for (const over of mutes.untold()) {
      const isFresh = over.endedBy !== undefined && now() - over.at.getTime() < graceMs;
      if (isFresh || mutesOver.has(over.mute.id)) continue;
      mutesOver.add(over.mute.id);
      options.onMuteOver(over);
    }
  }

  /** An agent that was down already when somebody asked for that: nothing has changed but what is wanted. */
  function keptDown(): readonly Edge[] {
    const down = [...new Set([...book.unresolved(), ...crashLoops.all()])].filter(
      (id) => memory.of(id)?.state === 'stopped' && options.wanted.of(id)?.state === 'down',
    );
    return down.map((id) => ({ kind: 'stopped-on-purpose', id, at: new Date(now()) }));
  }

  function tell(edges: readonly Edge[], remembered: readonly Write[]): void {
    owed = [...owed, { edges, remembered }];
    writeOwed();
  }

  /** In their order: an alert may be the sequel of the one before. Nobody is told of anything that is not on disk. */
  function writeOwed(): void {
    guarded(() => {
      for (let [next] = owed; next !== undefined; [next] = owed) {
        const changed = write(next);
        owed = owed.slice(1);
        changed.forEach(options.onAlert);
      }
    });
  }

  /** An edge that is told is remembered too, and the other way round, whatever happens to this process. */
  function write({ edges, remembered }: Noticed): readonly Alert[] {
    const goBack = book.mark();
    try {
      return journal.together(() => {
        for (const remember of remembered) remember();
        return book.take(edges.flatMap((edge) => [edge, ...crashLoops.take(edge)]));
      });
    } catch (error) {
      goBack();
      // What fails for another reason would fail for ever, and keep back all that comes after it.
      if (!(error instanceof JournalError)) owed = owed.slice(1);
      throw error;
    }
  }

  function guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      options.onError(error instanceof Error ? error : new Error(String(error)));
    }
  }
}

/** Noticed together, and what is remembered of it. */
interface Noticed {
  readonly edges: readonly Edge[];
  readonly remembered: readonly Write[];
}
