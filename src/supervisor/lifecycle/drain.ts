import type { AgentState } from '../../domain/observation.ts';
import type { DrainOutcome } from '../../domain/stop-record.ts';
import type { Clock } from '../process/clock.ts';
import type { DrainControl } from '../supervisor.ts';

/** What a back-end can do with one agent that is to stop. */
export interface Drainable {
  /** Asks it to stop; a refusal here ends the drain before anything was harmed. */
  ask(): Promise<void>;
  /** The runtime's second way of asking, where it has one; called once, at half the budget. */
  askAgain?(): Promise<void>;
  /** Whether what was asked is gone. Throwing counts as `unknown`, and so as not stopped. */
  observe(): Promise<AgentState>;
  /** Aborted when it is worth while to look again at once; asked for before every look. */
  hint?(): AbortSignal;
  /** Stops what is left, by force. */
  force(): Promise<void>;
}

export interface Patience {
  readonly budgetMs: number;
  readonly pollMs: number;
  readonly control?: DrainControl;
  readonly clock: Clock;
}

/** Ask, look at once and then again and again, and at every hint, and use force when the budget is over. Every polite stop of every back-end is this one. */
export async function drainWith(agent: Drainable, patience: Patience): Promise<DrainOutcome> {
  const { control, clock } = patience;
  const startedAt = clock.now();
  const budget = () => patience.budgetMs + (control?.addedMs ?? 0);
  let askedAgain = false;

  await agent.ask();
  while (true) {
    const hint = agent.hint?.();
    if (await isStopped(agent)) return 'Graceful';
    const elapsed = clock.now() - startedAt;
    if (control?.cutShort.aborted || elapsed >= budget()) break;
    if (!askedAgain && elapsed >= budget() / 2) {
      askedAgain = true;
      await agent.askAgain?.();
    }
    await clock.sleep(nextLook(elapsed), eitherOf(hint, control?.cutShort));
  }
  await control?.onForce?.();
  await agent.force();
  return 'TimedOutKilled';

  function nextLook(elapsed: number): number {
    const milestone = askedAgain ? budget() : budget() / 2;
    return Math.max(1, Math.min(patience.pollMs, milestone - elapsed));
  }
}

function eitherOf(...signals: readonly (AbortSignal | undefined)[]): AbortSignal {
  return AbortSignal.any(signals.filter((signal) => signal !== undefined));
}

async function isStopped(agent: Drainable): Promise<boolean> {
  try {
    return (await agent.observe()) === 'stopped';
  } catch {
    return false;
  }
}
