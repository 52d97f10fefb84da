import type { AgentId, AgentSpec } from '../domain/agent.ts';
import type { Alert, MuteOver } from '../domain/alert.ts';
import { newId } from '../domain/operation.ts';
import type { Journal } from '../journal/journal.ts';
import type { Host } from '../operations/host.ts';
import { readRoster } from '../operations/plan/roster.ts';
import { createWanted } from '../operations/records/desired-state.ts';
import type { Watch } from '../supervisor/supervisor.ts';
import { systemTimers, type Timers } from '../timers.ts';
import { createKeeper, type Keeper } from './alerting.ts';
import { createMemoryKills } from './alerts/oom-kills.ts';
import { createOwnWork } from './changes/own-operations.ts';

export interface WatcherOptions {
  readonly host: Pick<Host, 'root' | 'supervisor' | 'supervisorTypes'>;
  readonly journal: Journal;
  /** An alert that is new, or has changed. */
  readonly onAlert: (alert: Alert) => void;
  readonly onMuteOver: (over: MuteOver) => void;
  /** Something could not be read or written; watching goes on. */
  readonly onError: (error: Error) => void;
  readonly timers?: Timers;
  readonly memoryKills?: () => number;
}

/**
 * Watches the agents of a team by itself and says what nobody asked for.
 *
 * Whoever tells people takes each `Alert` from `onAlert` and posts it, or edits the message it was posted as: `alert.message`, or
 * where that is absent the one in the channel's history that carries `alert.id`. Then `told(alert, message)`: what was not told is
 * handed out again at the next start. Alerts come in order of their revisions; of several that wait only the newest counts.
 * The same for a `MuteOver`, with `muteTold`. A kill that an operation had to do is told by the operation's own alert; where a mute
 * covers the agent it belongs into `mutes.keep(mute, { agent, kind: 'killed', at })` too.
 */
export interface Watcher extends Pick<Keeper, 'mutes' | 'crashLoops'> {
  /** Resolves when the team is followed. */
  start(): Promise<void>;
  /** Looks now who is in the team; it does so by itself every half minute and after every operation. */
  refresh(): Promise<void>;
  /** The one back-end that all of these agents are on, as far as they are in the team still; nothing if they are on several. */
  backendOf(agents: readonly AgentId[]): string | undefined;
  told(alert: Alert, message: { readonly channel: string; readonly ts: string }): void;
  muteTold(over: MuteOver): void;
  stop(): Promise<void>;
}

const beatMs = 10_000;

const lookForOperationsMs = 1000;

const rosterMs = 30_000;

export function createWatcher(options: WatcherOptions): Watcher {
  const { host, journal, onError, timers = systemTimers } = options;
  const work = createOwnWork(journal, timers.now);
  const keeper = createKeeper({
    ...options,
    timers,
    work,
    wanted: createWanted(journal, timers.now),
    newAlertId: () => newId('A'),
    isSameBoot,
    memoryKills: options.memoryKills ?? createMemoryKills(),
  });
  let specs: ReadonlyMap<AgentId, AgentSpec> = new Map();
  let watch: Watch | undefined;
  let isStopped = false;
  let reading: Promise<void> = Promise.resolve();
  let operationsFinished = work.finished();
  const cancels = new Set<() => void>();

  return {
    mutes: keeper.mutes,
    crashLoops: keeper.crashLoops,
    async start() {
      keeper.begin();
      await refresh();
      repeat(beatMs, keeper.beat);
      repeat(rosterMs, refreshSoon);
      repeat(lookForOperationsMs, refreshAfterOperations);
    },
    refresh,
    backendOf(agents) {
      const backends = new Set(agents.flatMap((id) => specs.get(id)?.backend ?? []));
      return backends.size === 1 ? [...backends][0] : undefined;
    },
    told: ({ id, revision }, message) => keeper.told(id, revision, message),
    muteTold: ({ mute }) => keeper.mutes.told(mute),
    async stop() {
      isStopped = true;
      for (const cancel of cancels) cancel();
      await reading;
      await watch?.close();
      keeper.end();
    },
  };

  /** Of an agent that has gone from the team meanwhile nothing is told. */
  function isSameBoot(id: AgentId, bootId: string): boolean {
    const spec = specs.get(id);
    return spec === undefined || host.supervisor.isSameBoot(spec, bootId);
  }

  /** One reading after the other. */
  function refresh(): Promise<void> {
    reading = reading.then(readTeam).catch((error: unknown) => {
      onError(error instanceof Error ? error : new Error(String(error)));
    });
    return reading;
  }

  function refreshSoon(): void {
    void refresh();
  }

  function refreshAfterOperations(): void {
    const finished = work.finished();
    if (finished !== operationsFinished) refreshSoon();
    operationsFinished = finished;
  }

  async function readTeam(): Promise<void> {
    if (isStopped) return;
    const { team, agents } = await readRoster(host);
    if (isStopped) return;
    const read = new Map(agents.map(({ id, spec }) => [id, spec]));
    // Of a team that does not load nobody knows who has gone from it.
    const next = team.kind === 'refused' ? new Map([...specs, ...read]) : read;
    if (watch !== undefined && isSame(next, specs)) return;
    specs = next;
    if (team.kind === 'loaded') keeper.follow(new Set(specs.keys()));
    if (watch === undefined) watch = host.supervisor.watch([...specs.values()], keeper.see);
    else watch.follow([...specs.values()]);
  }

  function repeat(ms: number, act: () => void): void {
    let cancel: () => void;
    const next = () => {
      cancels.delete(cancel);
      if (isStopped) return;
      try {
        act();
      } catch (error) {
        onError(error instanceof Error ? error : new Error(String(error)));
      }
      plan();
    };
    const plan = () => {
      cancel = timers.after(ms, next);
      cancels.add(cancel);
    };
    plan();
  }
}

function isSame(one: ReadonlyMap<AgentId, AgentSpec>, other: ReadonlyMap<AgentId, AgentSpec>): boolean {
  return JSON.stringify([...one]) === JSON.stringify([...other]);
}
