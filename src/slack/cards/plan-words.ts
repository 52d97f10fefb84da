import { type Request, selectionName, type Verb } from '../../operations/operation.ts';
import type { Plan, Step } from '../../operations/plan.ts';
import type { ForcedKill, Progress, StepProgress } from '../../operations/progress.ts';
import { duration } from '../duration.ts';
import { escaped } from '../outside-text.ts';

/** How each verb is spoken of while it runs and when it is over. */
export const spoken: {
  readonly [V in Verb]: { readonly doing: string; readonly done: string; readonly noun: string };
} = {
  up: { doing: 'Starting', done: 'Brought up', noun: 'Start' },
  down: { doing: 'Hard down of', done: 'Hard down of', noun: 'Hard down' },
  drain: { doing: 'Draining', done: 'Drained', noun: 'Drain' },
  restart: { doing: 'Restarting', done: 'Restarted', noun: 'Restart' },
  reload: { doing: 'Reloading', done: 'Reloaded', noun: 'Reload' },
};

/** What a plan is about to do: `1 changed, 1 dead, 3 untouched`. */
export function planSummary(plan: Plan): string {
  return summary(plan, (step) => groups(step).before);
}

/** What a plan has done: `1 replaced, 1 started, 1 failed, 3 untouched`. */
export function doneSummary({ steps }: Plan, progress: Progress): string {
  return summary({ steps }, (step) => {
    const entry = progress.get(step.id);
    if (entry?.phase.kind === 'failed') return 'failed';
    if (entry?.phase.kind === 'left') return 'left alone';
    return step.action === 'down' && !wasRunning(entry) ? 'not running any more' : groups(step).after;
  });
}

function wasRunning(entry: StepProgress | undefined): boolean {
  return entry?.stop !== undefined && 'wasRunning' in entry.stop.result && entry.stop.result.wasRunning;
}

function summary({ steps }: Pick<Plan, 'steps'>, groupOf: (step: Step) => string): string {
  const counts = new Map<string, number>();
  for (const step of steps) counts.set(groupOf(step), (counts.get(groupOf(step)) ?? 0) + 1);
  return [...counts].map(([group, number]) => `${number} ${group}`).join(', ') || 'nothing to do';
}

function groups({ action, why }: Step): { readonly before: string; readonly after: string } {
  switch (action) {
    case 'up':
      return { before: why.includes('dead') ? 'dead' : 'new', after: 'started' };
    case 'down':
      return { before: 'to kill', after: 'killed' };
    case 'drain':
      return { before: 'to drain', after: 'stopped' };
    case 'replace':
      if (why.length === 0) return { before: 'to restart', after: 'restarted' };
      return { before: why.every((reason) => reason === 'forced') ? 'forced' : 'changed', after: 'replaced' };
    case 'remove':
      return { before: 'removed from the team', after: 'removed' };
    case 'adopt':
      return { before: 'to adopt', after: 'adopted' };
    case 'leave':
      return { before: 'left alone', after: 'left alone' };
    case 'keep':
      return { before: 'untouched', after: 'untouched' };
  }
}

/** `*shop*` */
export function boldSelection({ selection }: Request): string {
  return `*${escaped(selectionName(selection))}*`;
}

/** What teamctl calls a change, for those who have never seen its lines. */
const spelledOut: Readonly<Record<string, string>> = {
  env: 'env changed',
  mcp: 'mcp changed',
  role_prompt: 'role prompt changed',
};

/** Why a step is as it is; untrusted text may be in it. */
export function reasonsOf(why: readonly string[]): string {
  return why.map((reason) => spelledOut[reason] ?? reason).join(', ');
}

/** The same for a place where Slack parses mrkdwn; a person in it is named as Slack names them. */
export function reasonWords(why: readonly string[], most: number): string {
  return escaped(reasonsOf(why), most).replace(leftDownBy, (_, id: string) => `left down by ${mention(id)}`);
}

/** As a reload gives it for a reason. */
export const leftDownBy = /left down by ([UW][A-Z0-9]+)/;

/** Who wanted it; somebody who used the host command has no name in Slack. */
export function orderedBy({ askedBy, confirmedBy }: Request): string {
  const second = confirmedBy === undefined ? '' : `, confirmed by ${mention(confirmedBy)}`;
  return `Asked by ${mention(askedBy)}${second}`;
}

/** A person, by Slack's id or by the name they have on the host. */
export function mention(person: string): string {
  return /^[UW][A-Z0-9]+$/.test(person) ? `<@${person}>` : escaped(person, 100);
}

/** The sentence that must never be missing. */
export function forcedKillSentence(kill: ForcedKill): string {
  return `*${escaped(kill.step.id)}* had to be killed (\`TimedOutKilled\`): ${whyKilled(kill)}`;
}

/** What follows `TimedOutKilled`, as a sentence or two. */
export function whyKilled({ stop: { result, lateMs } }: Pick<ForcedKill, 'stop'>): string {
  const why =
    result.budgetMs === 0
      ? 'its budget was 0 s, so it was asked once and not waited for'
      : result.tookMs < result.budgetMs
        ? `somebody ended the wait before its ${duration(result.budgetMs)} budget was over`
        : `it did not stop within its ${duration(result.budgetMs)} budget`;
  const late =
    lateMs === undefined ? '' : ` Muster was away at its deadline and killed it ${duration(lateMs)} late.`;
  return `${why}.${late}`;
}
