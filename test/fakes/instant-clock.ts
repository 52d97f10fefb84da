import type { Clock } from '../../src/supervisor/process/clock.ts';

/** A clock on which sleeping costs no real time. `atMs` lets a test act at a given moment of it. */
export function createInstantClock(): Clock & { atMs(time: number, act: () => void): void } {
  let now = 0;
  let plans: { time: number; act: () => void }[] = [];
  return {
    now: () => now,
    async sleep(ms, wake) {
      await Promise.resolve();
      if (wake?.aborted) return;
      const until = now + ms;
      const due = plans.filter((plan) => plan.time <= until).sort((a, b) => a.time - b.time);
      plans = plans.filter((plan) => plan.time > until);
      for (const plan of due) {
        now = Math.max(now, plan.time);
        plan.act();
        if (wake?.aborted) return;
      }
      now = until;
    },
    atMs(time, act) {
      plans.push({ time, act });
    },
  };
}
