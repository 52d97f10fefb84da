import type { Ask } from '../../domain/agent.ts';
import type { DownResult, DrainResult, SentSignal, StopRecord } from '../../domain/stop-record.ts';
import type { Clock } from '../process/clock.ts';
import type { FoundAgent } from '../process/found-agent.ts';
import type { Process } from '../process/process-table.ts';
import { noteOf } from '../process/stop-target.ts';
import { findStrays, summarise } from '../process/strays.ts';
import type { DrainOptions, StopOptions } from '../supervisor.ts';
import { drainWith } from './drain.ts';
import { secondAskOf } from './second-ask.ts';
import { createSight, type Sight } from './stop-view.ts';

/** What a stop does, as it does it. */
export interface StopLog {
  readonly signals: readonly SentSignal[];
  /** What went wrong without changing the outcome. */
  readonly complaints: readonly string[];
  sent(signal: string, processes: number, atMs?: number): void;
  hasSent(signal: string): boolean;
  complain(error: Error | string): void;
  /** Milliseconds since the stop was ordered. */
  elapsed(): number;
}

export function createStopLog(clock: Clock): StopLog {
  const startedAt = clock.now();
  const elapsed = () => Math.round(clock.now() - startedAt);
  const signals: SentSignal[] = [];
  const complaints: string[] = [];
  return {
    signals,
    complaints,
    sent: (signal, processes, atMs = elapsed()) => signals.push({ signal, atMs, processes }),
    hasSent: (name) => signals.some(({ signal }) => signal === name),
    complain: (error) => complaints.push(typeof error === 'string' ? error : error.message),
    elapsed,
  };
}

export interface StopSettings {
  /** The team's root. */
  readonly root: string;
  /** Between two looks at an agent that was asked to stop, where nothing tells of its end. */
  readonly pollMs: number;
  readonly clock: Clock;
}

/** What a back-end does in its own way when it stops an agent. */
export interface StopMeans {
  /** There is something to stop, be it only a restart that waits. */
  readonly isThere: boolean;
  /** For launcher and loop to write down how the agent ended, and to go to sleep. */
  readonly loopSettlesWithinMs: number;
  /** Resolves to the last lines; throws where this agent must not be stopped from here. */
  prepare(): Promise<readonly string[]>;
  /** Told of the budget before the first ask, and again when it has become another. */
  allow?(budgetMs: number): Promise<void>;
  /** Not called where nothing of the agent lives. */
  ask(): Promise<void>;
  askAgain(ask: Ask): Promise<void>;
  /** Stops what is left, by force; resolves to what outlived it. */
  force(): Promise<readonly Process[]>;
  /** What has stopped must not begin again; resolves to what could not be kept from it. */
  endLoop(): Promise<readonly Process[]>;
  /** Clears up, and says what had to be killed by others than us. */
  conclude?(survivors: readonly Process[]): Promise<{ killed: boolean; survivors: readonly Process[] }>;
}

export interface Stop {
  drain(options: DrainOptions): Promise<DrainResult>;
  down(options: StopOptions): Promise<DownResult>;
}

const receiptLines = 15;

/** One stop of one agent, polite or not, from what was found of it to the record it leaves: the same on every back-end. */
export function createStop(
  found: FoundAgent,
  { root, pollMs, clock }: StopSettings,
  meansOf: (sight: Sight, log: StopLog, receiptLines: number) => StopMeans,
): Stop {
  const log = createStopLog(clock);
  const sight = createSight(found, clock);
  const means = meansOf(sight, log, receiptLines);
  let lastLines: readonly string[] = [];
  let survivors: readonly Process[] = [];

  return { drain, down };

  async function drain({ budgetMs, control, ...options }: DrainOptions): Promise<DrainResult> {
    const budget = () => budgetMs + (control?.addedMs ?? 0);
    await prepare(options);
    const endFeeling = sight.feel();
    let outcome: DrainResult['outcome'];
    try {
      outcome = await drainWith(drainable(budget), {
        ...{ budgetMs, pollMs, clock },
        ...(control ? { control } : {}),
      });
    } finally {
      endFeeling();
    }
    if (outcome === 'Graceful') {
      await sight.settle(means.loopSettlesWithinMs);
      survivors = await means.endLoop();
    }
    if (await conclude()) outcome = 'TimedOutKilled';
    return { outcome, budgetMs: budget(), ...record() };
  }

  async function down(options: StopOptions): Promise<DownResult> {
    await prepare(options);
    survivors = await means.force();
    await conclude();
    return { wasRunning: means.isThere, ...record() };
  }

  async function prepare({ onNoted, noted }: StopOptions): Promise<void> {
    const lines = await means.prepare();
    lastLines = noted?.lastLines ?? lines;
    if (found.members.length > 0) await onNoted?.({ ...noteOf(found), lastLines });
  }

  function drainable(budget: () => number) {
    const secondAsk = secondAskOf(found.spec);
    let allowedMs = budget();
    return {
      async ask() {
        if (found.lead === undefined) return;
        await means.allow?.(allowedMs);
        await means.ask();
      },
      ...(secondAsk ? { askAgain: () => means.askAgain(secondAsk).catch(log.complain) } : {}),
      async observe() {
        if (budget() !== allowedMs) {
          allowedMs = budget();
          await means.allow?.(allowedMs).catch(log.complain);
        }
        return sight.look();
      },
      hint: sight.hint,
      async force() {
        survivors = await means.force();
      },
    };
  }

  async function conclude(): Promise<boolean> {
    if (!means.conclude) return false;
    const end = await means.conclude(survivors);
    survivors = end.survivors;
    return end.killed;
  }

  function record(): StopRecord {
    const table = sight.table();
    const strays = findStrays(table, { id: found.spec.id, root }).filter((stray) => !sight.hasSeen(stray));
    return {
      tookMs: log.elapsed(),
      signals: log.signals,
      survivors: survivors.map((process) => summarise(process, table)),
      strays: strays.map((stray) => summarise(stray, table)),
      lastLines,
      ...(log.complaints.length > 0 ? { complaints: log.complaints } : {}),
    };
  }
}
