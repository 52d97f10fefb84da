import { type Request, selectionName, type Verb } from '../../operations/operation.ts';
import type { Plan, Step } from '../../operations/plan.ts';
import type { ForcedKill } from '../../operations/progress.ts';
import { duration } from '../duration.ts';
import { escaped } from '../outside-text.ts';

/** How each verb is spoken of while it runs and when it is over. */
export const spoken: {
  readonly [V in Verb]: { readonly doing: string; readonly done: string; readonly noun: string };
} = {
  up: { doing: 'Starting', done: 'Started', noun: 'Start' },
  down: { doing: 'Hard down of', done: 'Hard down of', noun: 'Hard down' },
  drain: { doing: 'Draining', done: 'Drained', noun: 'Drain' },
  reload: { doing: 'Reloading', done: 'Reloaded', noun: 'Reload' },
};

/** `1 changed, 1 dead, 3 untouched` */
export function planSummary(plan: Plan): string {
  const groups = new Map<string, number>();
  for (const step of plan.steps) groups.set(groupOf(step), (groups.get(groupOf(step)) ?? 0) + 1);
  return [...groups].map(([group, number]) => `${number} ${group}`).join(', ') || 'nothing to do';
}

function groupOf({ action, why }: Step): string {
  switch (action) {
    case 'up':
      return why.includes('dead') ? 'dead' : 'to start';
    case 'down':
      return 'to kill';
    case 'drain':
      return 'to drain';
    case 'replace':
      return why.includes('forced') && why.length === 1 ? 'forced' : 'changed';
    case 'remove':
      return 'removed';
    case 'adopt':
      return 'adopted';
    case 'leave':
      return 'left alone';
    case 'keep':
      return 'untouched';
  }
}

/** `*shop*` */
export function boldSelection({ selection }: Request): string {
  return `*${escaped(selectionName(selection))}*`;
}

/** The sentence that must never be missing. */
export function forcedKillSentence({ step, stop: { result } }: ForcedKill): string {
  const why =
    result.budgetMs === 0
      ? 'its budget was 0 s, so it was asked once and not waited for'
      : `it did not stop within its ${duration(result.budgetMs)} budget`;
  return `*${escaped(step.id)}* had to be killed (\`TimedOutKilled\`): ${why}.`;
}
