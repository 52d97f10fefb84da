import type { Ask } from '../team/ask.ts';
import { isBetweenLives, type Member } from './agent-tree.ts';
import type { Clock } from './clock.ts';
import { drainWith } from './drain.ts';
import { killAll } from './kill-all.ts';
import type { FoundAgent, Launchd } from './launchd-agents.ts';
import { readTail } from './launchd-log.ts';
import { bootOut, untilGone } from './launchd-unload.ts';
import { noteOf } from './noted.ts';
import { isAlive, ourLine, signal } from './process-life.ts';
import { type Process, readProcessTable } from './process-table.ts';
import { firstAsk, secondAskOf } from './runtimes.ts';
import { findStrays, summarise } from './strays.ts';
import {
  type AgentState,
  type DownResult,
  type DrainOptions,
  type DrainResult,
  type SentSignal,
  type StopOptions,
  type StopRecord,
  SupervisorError,
} from './supervisor.ts';

export interface Stopping extends Launchd {
  readonly pollMs: number;
  readonly clock: Clock;
}

export interface Stop {
  drain(options: DrainOptions): Promise<DrainResult>;
  down(options: StopOptions): Promise<DownResult>;
}

const receiptLines = 15;
/** Between two looks at everything; in between it is enough that something of the agent still lives. */
const surveyEveryMs = 250;
/** For launcher and wrapper to write down how the agent ended. */
const loopSettlesWithinMs = 200;

/** One stop of one agent, polite or not, from what was found of it to the record it leaves. */
export function beginStop(found: FoundAgent, stopping: Stopping): Stop {
  const { spec, job, root, tree } = found;
  const { clock } = stopping;
  const startedAt = clock.now();
  const signals: SentSignal[] = [];
  const complaints: string[] = [];
  const everSeen = new Set<number>();
  let lastLines: readonly string[] = [];
  let survivors: readonly Process[] = [];
  let table = found.table;
  let surveyedAt = clock.now();
  let members = note(found.members);
  const hadAgent = members.some(isAgent);
  if (hadAgent || found.betweenLives) tree.asked();

  return { drain, down };

  async function drain({ budgetMs, control, ...options }: DrainOptions): Promise<DrainResult> {
    await prepare(options);
    const secondAsk = secondAskOf(spec);
    const outcome = await drainWith(
      {
        ask: () => (members.length === 0 || found.betweenLives ? Promise.resolve() : interrupt(firstAsk)),
        ...(secondAsk ? { askAgain: () => interrupt(secondAsk) } : {}),
        observe: look,
        force: kill,
      },
      { budgetMs, pollMs: stopping.pollMs, clock, ...(control ? { control } : {}) },
    );
    if (outcome === 'Graceful') await endLoop();
    return { outcome, budgetMs: budgetMs + (control?.addedMs ?? 0), ...(await record()) };
  }

  async function down(options: StopOptions): Promise<DownResult> {
    const wasRunning = members.length > 0 || found.willRestart;
    await prepare(options);
    await kill();
    return { wasRunning, ...(await record()) };
  }

  async function prepare({ onNoted }: StopOptions): Promise<void> {
    if (root && ourLine(table).includes(root.pid)) {
      throw new SupervisorError(`cannot stop ${spec.id}: Muster itself runs inside its launchd job`);
    }
    if (!found.listed) return;
    lastLines = await readTail(job.log, receiptLines);
    if (members.length === 0) return;
    await onNoted?.(noteOf({ lead: found.lead, members }));
  }

  /**
   * What Ctrl-C does in a terminal, which a job has not: SIGINT to the whole of the job's session, the launcher first. `launchctl kill`
   * would reach the launcher alone, and a shell acts on a signal only when what it runs has ended.
   */
  async function interrupt({ keys, gapMs }: Ask): Promise<void> {
    for (const [index, key] of keys.entries()) {
      if (index > 0) await clock.sleep(gapMs);
      if (key !== 'C-c') {
        complaints.push(`${spec.id} has no terminal: the key ${key} was not typed`);
        continue;
      }
      const targets = members.map(({ process }) => process).filter(({ sid }) => sid === root?.sid);
      signals.push({ signal: key, atMs: elapsed(), processes: targets.length });
      for (const target of targets) await signal(target, 'SIGINT').catch(complain);
    }
  }

  async function look(): Promise<AgentState> {
    const known = members.filter(isAgent);
    if (clock.now() - surveyedAt < surveyEveryMs && (await anyAlive(known))) return 'running';
    await survey();
    if (members.some(isAgent)) return 'running';
    return hadAgent || members.length === 0 || isBetweenLives(members, table) ? 'stopped' : 'running';
  }

  async function survey(): Promise<readonly Process[]> {
    table = await readProcessTable();
    surveyedAt = clock.now();
    members = note(tree.update(table));
    return members.map((member) => member.process);
  }

  /** What has stopped must not begin again: neither by the wrapper's loop nor by launchd. */
  async function endLoop(): Promise<void> {
    const until = clock.now() + loopSettlesWithinMs;
    while ((await survey()).length > 0 && !isBetweenLives(members, table) && clock.now() < until) {
      await clock.sleep(10);
    }
    await unload(() => {});
  }

  async function kill(): Promise<void> {
    if (found.root && found.listed) signals.push({ signal: 'TERM', atMs: elapsed(), processes: 1 });
    await unload((name, processes) => signals.push({ signal: name, atMs: elapsed(), processes }));
  }

  /** launchd is told first: it would start again what it sees killed. */
  async function unload(onSent: (signal: string, processes: number) => void): Promise<void> {
    const refusal = found.listed ? await bootOut(stopping, job) : undefined;
    survivors = await killAll({ survey, clock, onSent, onRefused: (reason) => complaints.push(reason) });
    const obstacle = refusal ?? (found.listed ? await untilGone(stopping, job, clock) : undefined);
    if (obstacle !== undefined) complaints.push(obstacle);
  }

  async function record(): Promise<StopRecord> {
    const now = await readProcessTable();
    const strays = findStrays(now, { id: spec.id, root: stopping.root }, ({ pid }) => everSeen.has(pid));
    return {
      tookMs: elapsed(),
      signals,
      survivors: survivors.map((process) => summarise(process, table)),
      strays: strays.map((process) => summarise(process, now)),
      lastLines,
      ...(complaints.length > 0 ? { complaints } : {}),
    };
  }

  function note(now: readonly Member[]): readonly Member[] {
    for (const { process } of now) everSeen.add(process.pid);
    return now;
  }

  function complain(error: Error): void {
    complaints.push(error.message);
  }

  function elapsed(): number {
    return Math.round(clock.now() - startedAt);
  }
}

function isAgent({ part }: Member): boolean {
  return part === 'agent';
}

async function anyAlive(members: readonly Member[]): Promise<boolean> {
  for (const { process } of members) if (await isAlive(process)) return true;
  return false;
}
