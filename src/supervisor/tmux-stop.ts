import { isBetweenLives, type Member } from './agent-tree.ts';
import type { Clock } from './clock.ts';
import { drainWith } from './drain.ts';
import { killAll } from './kill-all.ts';
import { noteOf } from './noted.ts';
import { isAlive, ourLine } from './process-life.ts';
import { type Process, readProcessTable } from './process-table.ts';
import { firstAsk, secondAskOf } from './runtimes.ts';
import { readShared } from './shared-table.ts';
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
import type { FoundAgent } from './tmux-agents.ts';
import { type Asking, type } from './tmux-ask.ts';
import { closePanes } from './tmux-close.ts';
import type { Tmux } from './tmux-command.ts';
import { capture } from './tmux-text.ts';

export interface Stopping {
  readonly tmux: Tmux;
  readonly root: string;
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
/** For the loop to write down how the agent ended and go to sleep. */
const loopSettlesWithinMs = 200;

/** One stop of one agent, polite or not, from what was found of it to the record it leaves. */
export function beginStop(found: FoundAgent, stopping: Stopping): Stop {
  const { spec, panes, tree } = found;
  const { tmux, clock } = stopping;
  const startedAt = clock.now();
  const signals: SentSignal[] = [];
  const complaints: string[] = [];
  const everSeen = new Set<number>();
  let lastLines: readonly string[] = [];
  let survivors: readonly Process[] = [];
  let table = found.table;
  let tableAt = performance.now();
  let surveyedAt = clock.now();
  let members = note(found.members);
  const asking: Asking = {
    tmux,
    clock,
    id: spec.id,
    panes,
    onSent,
    onRefused: (reason) => complaints.push(reason),
  };
  const hadAgent = members.some(isAgent);
  if (hadAgent || found.betweenLives) tree.asked();

  return { drain, down };

  async function drain({ budgetMs, control, ...options }: DrainOptions): Promise<DrainResult> {
    await prepare(options);
    const secondAsk = secondAskOf(spec);
    const outcome = await drainWith(
      {
        ask: () => (members.length === 0 || found.betweenLives ? Promise.resolve() : type(firstAsk, asking)),
        ...(secondAsk ? { askAgain: () => type(secondAsk, asking).catch(complain) } : {}),
        observe: look,
        force: kill,
      },
      { budgetMs, pollMs: stopping.pollMs, clock, ...(control ? { control } : {}) },
    );
    if (outcome === 'Graceful') await endLoop();
    return { outcome, budgetMs: budgetMs + (control?.addedMs ?? 0), ...(await record()) };
  }

  async function down(options: StopOptions): Promise<DownResult> {
    const wasRunning = members.length > 0;
    await prepare(options);
    await kill();
    return { wasRunning, ...(await record()) };
  }

  async function prepare({ onNoted }: StopOptions): Promise<void> {
    const line = ourLine(table);
    if (panes.some((pane) => line.includes(pane.pid))) {
      throw new SupervisorError(`cannot stop ${spec.id}: Muster itself runs inside its tmux pane`);
    }
    if (panes.length === 0) return;
    lastLines = (await Promise.all(panes.map((pane) => capture(tmux, pane, receiptLines)))).flat();
    if (members.length === 0) return;
    await onNoted?.(noteOf({ lead: found.lead, members }));
  }

  async function look(): Promise<AgentState> {
    const known = members.filter(isAgent);
    if (clock.now() - surveyedAt < surveyEveryMs && (await anyAlive(known))) return 'running';
    await survey();
    if (members.some(isAgent)) return 'running';
    return hadAgent || members.length === 0 || isBetweenLives(members, table) ? 'stopped' : 'running';
  }

  async function survey(): Promise<readonly Process[]> {
    const reading = await readShared(tableAt);
    table = reading.table;
    tableAt = reading.at;
    surveyedAt = clock.now();
    members = note(tree.update(table));
    return members.map((member) => member.process);
  }

  /** What has stopped must not begin again: the loop goes while it sleeps. */
  async function endLoop(): Promise<void> {
    const until = clock.now() + loopSettlesWithinMs;
    while ((await survey()).length > 0 && !isBetweenLives(members, table) && clock.now() < until) {
      await clock.sleep(10);
    }
    survivors = await killAll({
      survey,
      clock,
      onSent: () => {},
      onRefused: (reason) => complaints.push(reason),
    });
    await close();
  }

  async function kill(): Promise<void> {
    const atMs = elapsed();
    const closing = close();
    survivors = await killAll({
      survey,
      clock,
      onSent,
      onRefused: (reason) => complaints.push(reason),
    });
    await closing;
    // Where a closing pane was quicker than we: the hang-up came from its terminal.
    const hungUp = panes.filter((pane) => !pane.dead).length;
    if (hungUp > 0 && !signals.some(({ signal }) => signal === 'HUP')) {
      signals.push({ signal: 'HUP', atMs, processes: hungUp });
    }
  }

  async function close(): Promise<void> {
    complaints.push(...(await closePanes(tmux, panes)));
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

  function onSent(signal: string, processes: number): void {
    signals.push({ signal, atMs: elapsed(), processes });
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
