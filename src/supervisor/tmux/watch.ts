import type { AgentSpec } from '../../domain/agent.ts';
import { oursAmong } from '../../team/wrapper.ts';
import { settledAfterMs } from '../lifecycle/start-filter.ts';
import { loopOf } from '../process/agent-tree.ts';
import { endsWritten } from '../process/exit-records.ts';
import { type FoundAgent, isOnlyLoop } from '../process/found-agent.ts';
import { createPulse, feelsBirths, type Touch } from '../process/liveness.ts';
import type { Process } from '../process/process-table.ts';
import type { Environment } from '../programs/environment.ts';
import type { StateChange, Watch } from '../supervisor.ts';
import { createTelling, type TellingOptions } from './change-reporter.ts';
import { type FoundInTmux, locateAgents } from './find.ts';
import { listPanes, type Pane } from './panes.ts';
import { probe, socketPath } from './socket.ts';
import type { Tmux } from './tmux.ts';
import { watchEnds } from './watch-exit-records.ts';

/** What a look found, so that the next need not look at the host's processes if nothing has happened since; an end asks for a look by itself. */
export interface Stillness {
  note(panes: readonly Pane[], agents: readonly FoundAgent[]): void;
  /** From now on nothing is taken for granted. */
  forget(): void;
  /** The panes are the same still. */
  holds(panes: readonly Pane[]): boolean;
}

/** The truth is looked at this often whatever seems still. */
const trustedMs = 60_000;

export function createStillness(now: () => number): Stillness {
  let noted: { panes: string; until: number } | undefined;

  return {
    note(panes, agents) {
      if (agents.some(isOnlyLoop)) noted = undefined;
      else noted = { panes: JSON.stringify(panes), until: now() + trustedMs };
    },
    forget() {
      noted = undefined;
    },
    holds: (panes) => noted !== undefined && now() < noted.until && JSON.stringify(panes) === noted.panes,
  };
}

/** The processes whose end changes something: the agent, or, while its loop sleeps, the loop. */
export function pivotsOf({ lead, members }: FoundAgent): readonly Process[] {
  return lead ? [lead] : members.map(({ process }) => process);
}

export interface TmuxEventsOptions extends TellingOptions {
  readonly env: Environment;
  readonly tmux: Tmux;
  readonly timeoutMs: number;
  /** To be called when this process has started an agent. */
  readonly started: Set<() => void>;
}

/** Between two looks: ends tell of themselves, and so do starts by others where they are felt; what waits for a look is a server that hangs. */
const lookEveryMs = feelsBirths ? 15_000 : 5000;

/** Between two looks at a server that is not there, or does not answer. */
const retryMs = 250;

/** While an end is to be seen, or an event has just come. */
const soonMs = 25;

const pulseMs = 200;

const startsMs = 250;

/**
 * Watches agents by events: an end that is written down, a process that is gone. An event tells an end at once, or asks for a look;
 * everything else is told by looks. No client of tmux stays attached: when a client in control mode dies with its owner, tmux 3.3a
 * may crash, and all agents with it.
 */
export function watchTmux(
  options: TmuxEventsOptions,
  agents: readonly AgentSpec[],
  onChange: (change: StateChange) => void,
): Watch {
  const { root, clock, env, tmux, timeoutMs } = options;
  const telling = createTelling(options, onChange);
  const stillness = createStillness(clock.now);
  let watched: readonly AgentSpec[] = [];
  const closing = new AbortController();
  let wake = new AbortController();
  let mustLook = true;
  let startsTimer: NodeJS.Timeout | undefined;

  /** The server had nothing to show at the last look. */
  let wasEmpty = false;

  const ends = watchEnds(root, (key) => {
    const agent = watched.find((spec) => key === `${spec.project}-${spec.agent}`);
    if (agent && telling.isKnownGone(agent.id) && !closing.signal.aborted) telling.ended(agent);
    if (agent) lookSoon();
  });
  const pulse = createPulse({ everyMs: pulseMs, onGone: lookSoon, onBorn: lookAtStarts });
  options.started.add(lookAtStarts);
  follow(agents);
  const done = run();

  return { follow, close };

  function follow(next: readonly AgentSpec[]): void {
    watched = next;
    telling.keep(new Set(next.map(({ id }) => id)));
    lookSoon();
  }

  async function close(): Promise<void> {
    closing.abort();
    wake.abort();
    pulse.close();
    options.started.delete(lookAtStarts);
    clearTimeout(startsTimer);
    ends.close();
    await done;
  }

  function lookSoon(): void {
    mustLook = true;
    wake.abort();
  }

  /** A team's starts come one after the other, and whoever asked for them knows already. */
  function lookAtStarts(): void {
    startsTimer ??= setTimeout(() => {
      startsTimer = undefined;
      lookSoon();
    }, startsMs);
  }

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      wake = new AbortController();
      const restMs = await look().catch(failed);
      // Events come in swarms.
      await clock.sleep(soonMs, closing.signal);
      await clock.sleep(restMs - soonMs, wake.signal);
    }
  }

  function failed({ message }: Error): number {
    telling.unknown(watched, message);
    return retryMs;
  }

  /** Resolves to how long the next look may wait. */
  async function look(): Promise<number> {
    const isForced = mustLook;
    if (!isForced && wasEmpty && (await probe(socketPath(env))) === 'absent') return retryMs;
    mustLook = false;
    telling.lookBegins();
    if (ends.renew()) mustLook = true;
    const asked = watched;
    const listing = await listPanes(tmux, timeoutMs).catch(unknownBecause);
    if (!isForced && listing.kind === 'panes' && stillness.holds(listing.panes)) return lookEveryMs;
    stillness.forget();
    const panes = listing.kind === 'panes' ? listing.panes : [];
    wasEmpty = listing.kind === 'panes' && panes.length === 0;
    const whereabouts =
      listing.kind === 'panes' ? await locateAgents(panes, root, asked).catch(unknownBecause) : listing;
    if (closing.signal.aborted) return 0;
    if (whereabouts.kind === 'unknown') {
      pulse.feel({ silent: [] });
      telling.unknown(asked, whereabouts.reason);
      return retryMs;
    }
    const ended = whereabouts.agents.filter(({ lead }) => lead === undefined);
    await endsWritten(
      root,
      ended.map(({ spec }) => spec),
      clock,
    );
    if (closing.signal.aborted) return 0;
    const open = telling.found(whereabouts.agents);
    pulse.feel(await touchOf(panes, whereabouts.agents));
    if (open === 'ending') return soonMs;
    if (open === 'young') return settledAfterMs;
    stillness.note(panes, whereabouts.agents);
    return wasEmpty ? retryMs : lookEveryMs;
  }

  /** While it lives a wrapper of ours tells how its agent ends, not when it begins the next life; what is left of a session's end is that the server has a child less. */
  async function touchOf(panes: readonly Pane[], agents: readonly FoundInTmux[]): Promise<Touch> {
    const ours = await oursAmong(new Set(ends.works ? agents.map(({ spec }) => spec.wrapper) : []));
    const { told = [], silent = [] } = Object.groupBy(agents, ({ spec, lead, members }) =>
      lead && ours.has(spec.wrapper) && loopOf(members).length > 0 ? 'told' : 'silent',
    );
    const pidsOf = (found: readonly FoundInTmux[]) => found.flatMap(pivotsOf).map(({ pid }) => pid);
    const byServer = Map.groupBy(
      panes.filter(({ dead }) => !dead),
      ({ serverPid }) => serverPid,
    );
    const parents = new Map([...byServer].map(([pid, its]) => [pid, its.map((pane) => pane.pid)]));
    return { silent: pidsOf(silent), told: pidsOf(told), parents };
  }
}

function unknownBecause(error: Error): { kind: 'unknown'; reason: string } {
  return { kind: 'unknown', reason: error.message };
}
