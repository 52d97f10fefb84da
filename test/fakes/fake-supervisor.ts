import type { AgentId, AgentSpec } from '../../src/domain/agent.ts';
import type { AgentEnd, Incarnation, Observation } from '../../src/domain/observation.ts';
import type { ProcessSummary } from '../../src/domain/stop-record.ts';
import { drainWith } from '../../src/supervisor/lifecycle/drain.ts';
import { watchByPolling } from '../../src/supervisor/lifecycle/watch-by-polling.ts';
import { type Clock, systemClock } from '../../src/supervisor/process/clock.ts';
import { type StopOptions, type Supervisor, SupervisorError } from '../../src/supervisor/supervisor.ts';

/** How an agent of the fake behaves. Everything may be left out, and changed later with `set`. */
export interface FakeAgent {
  /** Default `stopped`; `restarting` is `stopped` with a restart loop that sleeps. */
  state?: 'running' | 'stopped' | 'restarting' | 'unknown';
  /** When the loop of one that is `restarting` goes on. */
  nextStartAt?: Date;
  /** Why it is `unknown`. */
  reason?: string;
  /** What it does when it is asked to stop; default `graceful`. */
  drain?: 'graceful' | 'stubborn' | { afterMs: number };
  /** `up` fails with these words. */
  upFails?: string;
  /** Each of these verbs throws a `SupervisorError` with these words. */
  fails?: { down?: string; drain?: string; lastLines?: string };
  /** Each verb takes this long before it does anything. */
  delayMs?: number;
  since?: Date;
  /** It lives and has lost its session. */
  outlived?: true;
  lastEnd?: AgentEnd;
  lastLines?: readonly string[];
  /** Left by `down` and by the force at the end of a drain. */
  survivors?: readonly ProcessSummary[];
  strays?: readonly ProcessSummary[];
}

export interface FakeCall {
  readonly verb: 'up' | 'down' | 'state' | 'drain' | 'observe' | 'lastLines';
  /** One id, or for `observe` all that were asked for. */
  readonly agents: readonly AgentId[];
  readonly budgetMs?: number;
}

export interface FakeSupervisor extends Supervisor {
  readonly calls: readonly FakeCall[];
  /** The ids a verb was called for, in order. */
  called(verb: FakeCall['verb']): readonly AgentId[];
  /** Changes the agent as if the world had; a new `running` is a new incarnation. */
  set(id: AgentId, change: FakeAgent): void;
  /** The agent ends by itself. */
  die(id: AgentId, end?: AgentEnd): void;
  incarnation(id: AgentId): Incarnation | undefined;
}

export interface FakeSupervisorOptions {
  agents?: Record<AgentId, FakeAgent>;
  /** Default: real time, which vitest's fake timers may drive. */
  clock?: Clock;
  pollMs?: number;
}

interface Life extends FakeAgent {
  state: NonNullable<FakeAgent['state']>;
  incarnation?: Incarnation;
  since?: Date;
}

/** A supervisor without an operating system, held to the same contract as the real ones. An agent it was told nothing about is stopped. */
export function createFakeSupervisor(options: FakeSupervisorOptions = {}): FakeSupervisor {
  const clock = options.clock ?? systemClock;
  const pollMs = options.pollMs ?? 10;
  const lives = new Map<AgentId, Life>();
  const calls: FakeCall[] = [];
  let lastPid = 1000;

  for (const [id, agent] of Object.entries(options.agents ?? {})) set(id as AgentId, agent);

  function life(id: AgentId): Life {
    const known = lives.get(id);
    if (known) return known;
    const fresh: Life = { state: 'stopped' };
    lives.set(id, fresh);
    return fresh;
  }

  function set(id: AgentId, change: FakeAgent): void {
    const agent = life(id);
    Object.assign(agent, change);
    if (change.state === 'running') begin(agent, change.since);
    else if (change.state !== undefined) delete agent.incarnation;
  }

  function begin(agent: Life, since = new Date()): void {
    lastPid += 1;
    agent.state = 'running';
    agent.incarnation = { pid: lastPid, startTime: String(lastPid * 100), bootId: 'fake-boot' };
    agent.since = since;
  }

  function stop(agent: Life): void {
    agent.state = 'stopped';
    delete agent.incarnation;
  }

  async function begun(verb: FakeCall['verb'], spec: AgentSpec, budgetMs?: number): Promise<Life> {
    calls.push({ verb, agents: [spec.id], ...(budgetMs === undefined ? {} : { budgetMs }) });
    const agent = life(spec.id);
    if (agent.delayMs) await clock.sleep(agent.delayMs);
    return agent;
  }

  function look(agent: Life): Observation {
    const lastEnd = agent.lastEnd ? { lastEnd: agent.lastEnd } : {};
    if (agent.state === 'unknown') {
      return { state: 'unknown', reason: agent.reason ?? 'the fake was told not to know' };
    }
    if (agent.state === 'running' && agent.incarnation) {
      return {
        state: 'running',
        incarnation: agent.incarnation,
        since: agent.since ?? new Date(),
        ...(agent.outlived && { outlived: agent.outlived }),
        ...lastEnd,
      };
    }
    const nextStartAt = agent.nextStartAt === undefined ? {} : { nextStartAt: agent.nextStartAt };
    return { state: 'stopped', restarting: agent.state === 'restarting', ...nextStartAt, ...lastEnd };
  }

  function refuseUnknown(verb: string, spec: AgentSpec, agent: Life): void {
    if (agent.state === 'unknown') {
      throw new SupervisorError(
        `fake: cannot ${verb} ${spec.id}: ${agent.reason ?? 'its state is not known'}`,
      );
    }
  }

  async function note(agent: Life, { onNoted }: StopOptions): Promise<void> {
    const { incarnation } = agent;
    await onNoted?.({
      bootId: incarnation?.bootId ?? 'fake-boot',
      ...(incarnation ? { incarnation } : {}),
      processes: incarnation
        ? [{ pid: incarnation.pid, startTime: incarnation.startTime, part: 'agent' }]
        : [],
      lastLines: agent.lastLines ?? [],
    });
  }

  return {
    calls,
    called: (verb) => calls.filter((call) => call.verb === verb).flatMap((call) => call.agents),
    set,
    die(id, end) {
      const agent = life(id);
      stop(agent);
      if (end) agent.lastEnd = end;
    },
    incarnation: (id) => life(id).incarnation,

    async whatIsLeft({ id }, { processes }) {
      return processes.filter(({ pid }) => pid === life(id).incarnation?.pid);
    },

    isSameBoot: (_agent, bootId) => bootId === 'fake-boot',

    async up(spec) {
      const agent = await begun('up', spec);
      refuseUnknown('start', spec, agent);
      if (agent.state === 'running') return;
      if (agent.upFails !== undefined) throw new SupervisorError(agent.upFails);
      begin(agent);
    },

    async down(spec, options = {}) {
      const startedAt = clock.now();
      const agent = await begun('down', spec);
      if (agent.fails?.down !== undefined) throw new SupervisorError(agent.fails.down);
      refuseUnknown('stop', spec, agent);
      const wasRunning = agent.state !== 'stopped';
      if (wasRunning) await note(agent, options);
      stop(agent);
      return {
        wasRunning,
        tookMs: clock.now() - startedAt,
        signals: wasRunning ? [{ signal: 'KILL', atMs: 0, processes: 1 }] : [],
        survivors: (wasRunning && agent.survivors) || [],
        strays: agent.strays ?? [],
        lastLines: wasRunning ? (agent.lastLines ?? []) : [],
      };
    },

    async state(spec) {
      return look(await begun('state', spec)).state;
    },

    async drain(spec, { budgetMs, control, ...options }) {
      const startedAt = clock.now();
      const agent = await begun('drain', spec, budgetMs);
      if (agent.fails?.drain !== undefined) throw new SupervisorError(agent.fails.drain);
      refuseUnknown('stop', spec, agent);
      const wasThere = agent.state !== 'stopped';
      if (wasThere) await note(agent, options);
      const signals: { signal: string; atMs: number; processes: number }[] = [];
      const sent = (signal: string) => signals.push({ signal, atMs: clock.now() - startedAt, processes: 1 });
      let askedAt = startedAt;
      const outcome = await drainWith(
        {
          async ask() {
            askedAt = clock.now();
            if (wasThere) sent('C-c');
          },
          async observe() {
            if (hasObeyed(agent, clock.now() - askedAt)) stop(agent);
            return look(agent).state;
          },
          async force() {
            sent('KILL');
            stop(agent);
          },
        },
        { budgetMs, pollMs, clock, ...(control ? { control } : {}) },
      );
      return {
        outcome,
        budgetMs: budgetMs + (control?.addedMs ?? 0),
        tookMs: clock.now() - startedAt,
        signals,
        survivors: (outcome === 'TimedOutKilled' && agent.survivors) || [],
        strays: agent.strays ?? [],
        lastLines: wasThere ? (agent.lastLines ?? []) : [],
      };
    },

    async observe(specs) {
      calls.push({ verb: 'observe', agents: specs.map((spec) => spec.id) });
      return new Map(specs.map((spec) => [spec.id, look(life(spec.id))]));
    },

    watch(specs, onChange) {
      const observe = async (asked: readonly AgentSpec[]) =>
        new Map(asked.map(({ id }) => [id, look(life(id))]));
      return watchByPolling(async (asked) => ({ seen: await observe(asked) }), specs, onChange, { pollMs });
    },

    async lastLines(spec, count) {
      const agent = await begun('lastLines', spec);
      if (agent.fails?.lastLines !== undefined) throw new SupervisorError(agent.fails.lastLines);
      return agent.state === 'stopped' ? [] : (agent.lastLines ?? []).slice(-count);
    },
  };
}

function hasObeyed(agent: Life, sinceAskedMs: number): boolean {
  if (agent.state === 'restarting') return true;
  const manner = agent.drain ?? 'graceful';
  if (manner === 'graceful') return true;
  return manner !== 'stubborn' && sinceAskedMs >= manner.afterMs;
}
