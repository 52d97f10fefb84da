import type { AgentId, AgentSpec } from '../../domain/agent.ts';
import type { AgentState, Observation } from '../../domain/observation.ts';
import type { DownResult, DrainResult, NotedAgent } from '../../domain/stop-record.ts';
import { type Member, nextLifeAt } from '../process/agent-tree.ts';
import type { Clock } from '../process/clock.ts';
import { endsWritten, makeWayForEnd, readEnd } from '../process/exit-records.ts';
import {
  createFinder,
  type Find,
  type FoundAgent,
  isOnlyLoop,
  type Whereabouts,
} from '../process/found-agent.ts';
import { bootId, incarnationOf, startedAt } from '../process/process-life.ts';
import type { Process, ProcessTable } from '../process/process-table.ts';
import { leftOf } from '../process/stop-target.ts';
import { summarise } from '../process/strays.ts';
import type { Environment } from '../programs/environment.ts';
import {
  type DrainOptions,
  type StateChange,
  type StopOptions,
  type Supervisor,
  SupervisorError,
  type Watch,
} from '../supervisor.ts';
import { settledFind } from './observe-settled.ts';
import { checkSpec } from './start-settled.ts';
import type { Stop } from './stop.ts';
import { OnThisHost } from './this-host.ts';
import { allUnknown, type Look } from './watch-by-polling.ts';

/** How a back-end finds, starts and stops agents. */
export interface HostMeans<Found extends FoundAgent> {
  /** The team's root. */
  readonly root: string;
  /** What agents inherit. */
  readonly env: Environment;
  readonly clock: Clock;
  /** For the question behind `state` and `observe`, which people wait for. */
  readonly observeTimeoutMs: number;
  findAll(agents: readonly AgentSpec[], timeoutMs?: number): Promise<Whereabouts<Found>>;
  beginStop(found: Found): Stop;
  start(found: Found, find: Find<Found>): Promise<void>;
  /** Something of an agent that is dead is in the way of its start. */
  isInTheWay(found: Found): boolean;
  /** What is to be said of an agent that does not run, or cannot be told to. */
  notRunning(found: Found): NotRunning;
}

type Stopped = Extract<Observation, { state: 'stopped' }>;

export type NotRunning = Pick<Stopped, 'restarting' | 'gaveUp'> | Extract<Observation, { state: 'unknown' }>;

/** For what has just lost its session to end of that. */
const endsWithinMs = 1000;

const pollMs = 50;

/** What is the same on every back-end that runs agents as processes of this host. */
export abstract class HostSupervisor<Found extends FoundAgent> extends OnThisHost implements Supervisor {
  protected readonly find: Find<Found>;
  readonly #means: HostMeans<Found>;
  readonly #observe: (agents: readonly AgentSpec[]) => Promise<Whereabouts<Found>>;

  constructor(means: HostMeans<Found>) {
    super(means);
    this.#means = means;
    this.find = createFinder((agents) => means.findAll(agents));
    this.#observe = settledFind((agents) => means.findAll(agents, means.observeTimeoutMs), means.clock);
  }

  async up(agent: AgentSpec): Promise<void> {
    await checkSpec(agent);
    const look = () => this.find(agent, `cannot start ${agent.id}`);
    let found = await look();
    const { clock } = this.#means;
    for (const until = clock.now() + endsWithinMs; found.outlived && clock.now() < until; ) {
      await clock.sleep(pollMs);
      found = await look();
    }
    if (found.lead === undefined && this.#means.isInTheWay(found)) {
      await this.#means.beginStop(found).drain({ budgetMs: 0 });
      found = await look();
    }
    if (found.lead === undefined) {
      await makeWayForEnd(this.#means.root, agent);
      await this.#means.start(found, this.find);
    } else if (found.outlived) throw livesOn(found.lead, found);
  }

  async down(agent: AgentSpec, options: StopOptions = {}): Promise<DownResult> {
    return (await this.#stop(agent, options)).down(options);
  }

  async drain(agent: AgentSpec, options: DrainOptions): Promise<DrainResult> {
    return (await this.#stop(agent, options)).drain(options);
  }

  async state(agent: AgentSpec): Promise<AgentState> {
    return (await this.observe([agent])).get(agent.id)?.state ?? 'unknown';
  }

  async observe(agents: readonly AgentSpec[]): Promise<ReadonlyMap<AgentId, Observation>> {
    return (await this.look(agents)).seen;
  }

  abstract lastLines(agent: AgentSpec, count: number): Promise<readonly string[]>;
  abstract watch(agents: readonly AgentSpec[], onChange: (change: StateChange) => void): Watch;

  /** What `observe` tells, and of which agents that was only their loop. */
  protected async look(agents: readonly AgentSpec[]): Promise<Look> {
    const whereabouts = await this.#observe(agents);
    if (whereabouts.kind === 'unknown') return { seen: allUnknown(agents, whereabouts.reason) };
    const ended = whereabouts.agents.filter(({ lead }) => lead === undefined);
    await endsWritten(
      this.#means.root,
      ended.map(({ spec }) => spec),
      this.#means.clock,
    );
    return {
      seen: new Map(whereabouts.agents.map((found) => [found.spec.id, this.toObservation(found)])),
      onlyLoops: new Set(whereabouts.agents.filter(isOnlyLoop).map(({ spec }) => spec.id)),
    };
  }

  protected toObservation(found: Found): Observation {
    const { spec, lead } = found;
    const end = readEnd(this.#means.root, spec);
    if (lead) {
      return {
        state: 'running',
        incarnation: incarnationOf(lead),
        since: startedAt(lead),
        ...(found.outlived && { outlived: found.outlived }),
        ...end,
      };
    }
    const notRunning = this.#means.notRunning(found);
    if ('state' in notRunning) return notRunning;
    const nextStartAt = nextLifeAt(found.members, found.table);
    return { state: 'stopped', ...notRunning, ...(nextStartAt && { nextStartAt }), ...end };
  }

  async #stop(agent: AgentSpec, { noted }: StopOptions): Promise<Stop> {
    const found = await this.find(agent, `cannot stop ${agent.id}`);
    return this.#means.beginStop(noted === undefined ? found : withNoted(found, noted));
  }
}

/** Never two. */
function livesOn(lead: Process, { spec, table }: FoundAgent): SupervisorError {
  const { pid, command } = summarise(lead, table);
  return new SupervisorError(
    `cannot start ${spec.id}: pid ${pid} (${command}) is its last life, which has outlived its session; a drain or down of ${spec.id} ends it`,
  );
}

/** With what lives of what was noted, whether or not anything of the agent still leads there. */
function withNoted<Found extends FoundAgent>(found: Found, noted: NotedAgent): Found {
  const update = (table: ProcessTable) => {
    const members = found.tree.update(table);
    const known = new Set(members.map(({ process }) => process.pid));
    const more = leftOf(noted, table, bootId()).flatMap(({ pid, part }): Member[] => {
      const process = table.get(pid);
      return process === undefined || known.has(pid) ? [] : [{ process, part }];
    });
    return [...members, ...more];
  };
  return { ...found, tree: { ...found.tree, update }, members: update(found.table) };
}
