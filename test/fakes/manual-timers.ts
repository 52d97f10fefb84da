import type { Timers } from '../../src/timers.ts';

/** 14:00 of some day. */
export const start = Date.UTC(2026, 10, 20, 14, 0, 0);
export const second = 1000;
export const minute = 60 * second;
export const hour = 60 * minute;

export interface ManualTimers extends Timers {
  /** Lets time go by, and everything that falls due happen, each at its moment. */
  advance(ms: number): void;
  /** The same, with time in between for what is awaited. */
  live(ms: number): Promise<void>;
  every(ms: number, act: () => void): void;
  /** Forgets what was to come, as the end of a process does. */
  clear(): void;
}

/** A clock that stands until it is moved. */
export function createManualTimers(begin: number): ManualTimers {
  let now = begin;
  let plans: { readonly due: number; readonly act: () => void }[] = [];

  const timers: ManualTimers = {
    now: () => now,
    after(ms, act) {
      const plan = { due: now + ms, act };
      plans.push(plan);
      return () => {
        plans = plans.filter((other) => other !== plan);
      };
    },
    advance(ms) {
      const end = now + ms;
      while (actNext(end));
      now = end;
    },
    async live(ms) {
      const end = now + ms;
      do await settled();
      while (actNext(end));
      now = end;
    },
    every(ms, act) {
      timers.after(ms, () => {
        act();
        timers.every(ms, act);
      });
    },
    clear() {
      plans = [];
    },
  };
  return timers;

  /** Says whether there was anything to do until then. */
  function actNext(end: number): boolean {
    let next: (typeof plans)[number] | undefined;
    for (const plan of plans) if (plan.due <= end && (!next || plan.due < next.due)) next = plan;
    if (next === undefined) return false;
    plans = plans.filter((plan) => plan !== next);
    now = next.due;
    next.act();
    return true;
  }
}

/** Everything that waits for nothing but promises has gone on. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
