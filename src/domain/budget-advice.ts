import type { DrainResult } from './stop-record.ts';

/** How an agent's drains went, and whether more time would help. */
export interface BudgetAdvice {
  /** The drains that say something: politely ended ones, and those that had all their time. */
  readonly drains: number;
  readonly killed: number;
  /** Of the polite ones; absent: there is none. */
  readonly graceful?: { readonly p50Ms: number; readonly p95Ms: number; readonly longestMs: number };
  /** The longest that was given in vain. */
  readonly longestInVainMs?: number;
  readonly proposal: Proposal;
}

export type Proposal =
  /** Nothing to change. */
  | { readonly kind: 'keep' }
  /** Too few drains to say anything. */
  | { readonly kind: 'too-few' }
  /** `tried`: agents like it have ended politely in about so long; otherwise it is a guess. */
  | { readonly kind: 'more-time'; readonly budgetMs: number; readonly tried: boolean }
  /** It has not ended politely once, however long it had: more time may not help. */
  | { readonly kind: 'never-polite' };

const mostDrains = 10;

const fewestDrains = 3;

const longestBudgetMs = 600_000;

/** A cut-short drain had less than its budget, by more than a look takes. */
const wholeBudgetWithinMs = 300;

const stepMs = 5000;

/** `drains`: newest first. `budgetMs`: what the next drain would get. */
export function adviseBudget(drains: readonly DrainResult[], budgetMs: number): BudgetAdvice {
  const telling = drains.filter(isTelling).slice(0, mostDrains);
  const graceful = telling.filter(({ outcome }) => outcome === 'Graceful').map(({ tookMs }) => tookMs);
  const inVain = telling.filter(({ outcome }) => outcome === 'TimedOutKilled').map((drain) => drain.budgetMs);
  const longestMs = Math.max(...graceful);
  return {
    drains: telling.length,
    killed: inVain.length,
    ...(graceful.length > 0 && {
      graceful: { p50Ms: percentile(graceful, 50), p95Ms: percentile(graceful, 95), longestMs },
    }),
    ...(inVain.length > 0 && { longestInVainMs: Math.max(...inVain) }),
    proposal: proposalFor(graceful, inVain, budgetMs),
  };
}

function proposalFor(graceful: readonly number[], inVain: readonly number[], budgetMs: number): Proposal {
  const drains = graceful.length + inVain.length;
  if (drains < fewestDrains) return { kind: 'too-few' };
  // One kill in many drains is an accident, not a habit.
  if (inVain.length < 2 || inVain.length * 5 < drains) return { kind: 'keep' };
  if (graceful.length === 0) return { kind: 'never-polite' };

  const enough = roundedUp(Math.max(...graceful) * 1.15);
  const tried = enough > budgetMs;
  const proposed = Math.min(longestBudgetMs, tried ? enough : roundedUp(Math.max(budgetMs, ...inVain) * 2));
  return proposed > budgetMs ? { kind: 'more-time', budgetMs: proposed, tried } : { kind: 'never-polite' };
}

/** An agent that was killed without having had its time says nothing about how long it takes. */
function isTelling({ outcome, budgetMs, tookMs }: DrainResult): boolean {
  return outcome === 'Graceful' || (budgetMs > 0 && tookMs >= budgetMs - wholeBudgetWithinMs);
}

function roundedUp(ms: number): number {
  return Math.ceil(ms / stepMs) * stepMs;
}

/** The smallest value that so many per cent of them do not exceed. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  const index = Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1);
  return sorted[index] ?? 0;
}
