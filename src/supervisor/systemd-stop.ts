import process from 'node:process';
import type { Ask } from '../team/ask.ts';
import { isBetweenLives, type Member } from './agent-tree.ts';
import type { Clock } from './clock.ts';
import { drainWith } from './drain.ts';
import type { DrainControl } from './drain-control.ts';
import { noteOf } from './noted.ts';
import { isAlive } from './process-life.ts';
import { readProcessTable } from './process-table.ts';
import { secondAskOf } from './runtimes.ts';
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
import type { FoundAgent } from './systemd-agents.ts';
import { readJournal } from './systemd-journal.ts';
import { createUnitControl, type UnitControlSettings } from './systemd-unit-control.ts';

export interface Stopping extends UnitControlSettings {
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
/** For what keeps the agent's terminal to end after the agent, or a loop in it to go to sleep. */
const loopSettlesWithinMs = 1000;
const killAfterMs = 500;
const proofWithinMs = 5000;
const killPollMs = 25;

/** One stop of one agent, polite or not, from what was found of it to the record it leaves. */
export function beginStop(found: FoundAgent, stopping: Stopping): Stop {
  const { spec, population } = found;
  const { clock } = stopping;
  const unit = createUnitControl(found, stopping);
  const startedAt = clock.now();
  const signals: SentSignal[] = [];
  const complaints: string[] = [];
  const everSeen = new Set<number>();
  let lastLines: readonly string[] = [];
  let survivors: readonly Member[] = [];
  let table = found.table;
  let surveyedAt = clock.now();
  let members = note(found.members);
  const hadAgent = members.some(isAgent);
  const isThere = members.length > 0 || found.betweenLives;
  if (isThere) population.asked();

  return { drain, down };

  async function drain({ budgetMs, control, ...options }: DrainOptions): Promise<DrainResult> {
    await prepare(options);
    const budget = () => budgetMs + (control?.addedMs ?? 0);
    let outcome: DrainResult['outcome'] = 'Graceful';
    if (found.lead) {
      await unit.allow(budget());
      outcome = await drainWith(drainable(budget), {
        budgetMs,
        pollMs: stopping.pollMs,
        clock,
        ...(control ? { control: control satisfies DrainControl } : {}),
      });
    }
    if (!isThere) await unit.forget();
    else if (outcome === 'Graceful') await endLoop();
    if (isThere && (await conclude())) outcome = 'TimedOutKilled';
    return { outcome, budgetMs: budget(), ...(await record()) };
  }

  function drainable(budget: () => number) {
    const secondAsk = secondAskOf(spec);
    let allowedMs = budget();
    return {
      ask: () => {
        sent('C-c', 1);
        return unit.ask();
      },
      ...(secondAsk ? { askAgain: () => askAgain(secondAsk).catch(complain) } : {}),
      async observe() {
        if (budget() !== allowedMs) {
          allowedMs = budget();
          await unit.allow(allowedMs).catch(complain);
        }
        return look();
      },
      force: killLeft,
    };
  }

  async function down(options: StopOptions): Promise<DownResult> {
    await prepare(options);
    if (isThere) {
      await sendAll('HUP');
      await sendAll('TERM');
      const until = clock.now() + killAfterMs;
      while ((await survey()).length > 0 && clock.now() < until) await clock.sleep(killPollMs);
      await killLeft();
      await conclude();
    } else {
      await unit.forget();
    }
    return { wasRunning: isThere, ...(await record()) };
  }

  async function prepare({ onNoted }: StopOptions): Promise<void> {
    if (members.some((member) => member.process.pid === process.pid)) {
      throw new SupervisorError(`cannot stop ${spec.id}: Muster itself runs inside its unit`);
    }
    if (members.length === 0) return;
    await unit.remember();
    lastLines = await readJournal(stopping.run, stopping.manager, found.unitName, receiptLines).catch(
      (error: Error) => {
        complain(error);
        return [];
      },
    );
    await onNoted?.(noteOf({ lead: found.lead, members }));
  }

  async function askAgain({ keys, gapMs }: Ask): Promise<void> {
    for (const [index, key] of keys.entries()) {
      if (index > 0) await clock.sleep(gapMs);
      if (key !== 'C-c') throw new SupervisorError(`under systemd "${key}" cannot be typed, only C-c`);
      sent(key, 1);
      await unit.signal('main', 'INT');
    }
  }

  async function look(): Promise<AgentState> {
    if (clock.now() - surveyedAt < surveyEveryMs && (await anyAlive(members.filter(isAgent))))
      return 'running';
    await survey();
    if (members.some(isAgent)) return 'running';
    return hadAgent || members.length === 0 || isBetweenLives(members, table) ? 'stopped' : 'running';
  }

  async function survey(): Promise<readonly Member[]> {
    table = await readProcessTable();
    surveyedAt = clock.now();
    members = note(population.update(table));
    return members;
  }

  /** What has stopped must not begin again: a loop in the unit goes while it sleeps. */
  async function endLoop(): Promise<void> {
    const until = clock.now() + loopSettlesWithinMs;
    while ((await survey()).length > 0 && !isBetweenLives(members, table) && clock.now() < until) {
      await clock.sleep(killPollMs);
    }
    if (members.length > 0) await killUntilGone(() => {});
  }

  function killLeft(): Promise<void> {
    return killUntilGone((processes) => sent('KILL', processes));
  }

  async function killUntilGone(onSent: (processes: number) => void): Promise<void> {
    const until = clock.now() + proofWithinMs;
    const killed = new Set<number>();
    while ((await survey()).length > 0 && clock.now() < until) {
      const fresh = members.filter((member) => !killed.has(member.process.pid));
      if (fresh.length > 0) {
        onSent(fresh.length);
        await unit.signal('all', 'KILL').catch(complain);
        for (const member of fresh) killed.add(member.process.pid);
      }
      await clock.sleep(killPollMs);
    }
    survivors = members;
  }

  /** Sees systemd through with it, and says whether systemd itself had to use force. */
  async function conclude(): Promise<boolean> {
    const last = members.length;
    const timedOut = await unit.conclude().catch((error: Error) => {
      complain(error);
      return false;
    });
    if (timedOut && !signals.some(({ signal }) => signal === 'KILL')) sent('KILL', Math.max(1, last));
    if ((await survey()).length > 0) await killLeft();
    if (survivors.length === 0) await unit.forget().catch(complain);
    return timedOut;
  }

  async function sendAll(signal: 'HUP' | 'TERM'): Promise<void> {
    if (members.length === 0) return;
    sent(signal, members.length);
    await unit.signal('all', signal).catch(complain);
    await survey();
  }

  async function record(): Promise<StopRecord> {
    const now = await readProcessTable();
    const marker = { id: spec.id, root: stopping.root };
    const strays = findStrays(now, marker, ({ pid }) => everSeen.has(pid));
    return {
      tookMs: elapsed(),
      signals,
      survivors: survivors.map((member) => summarise(member.process, table)),
      strays: strays.map((stray) => summarise(stray, now)),
      lastLines,
      ...(complaints.length > 0 ? { complaints } : {}),
    };
  }

  function note(now: readonly Member[]): readonly Member[] {
    for (const member of now) everSeen.add(member.process.pid);
    return now;
  }

  function sent(signal: string, processes: number): void {
    signals.push({ signal, atMs: elapsed(), processes });
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
  for (const member of members) if (await isAlive(member.process)) return true;
  return false;
}
