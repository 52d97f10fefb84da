import type { AgentId } from '../domain/agent.ts';
import type { AskReason, Difference } from '../domain/confirmation.ts';
import type { Observation } from '../domain/observation.ts';
import type { Request, Verb } from '../domain/operation.ts';
import type { Plan, Step } from '../domain/plan.ts';
import type { ForcedKill, Progress, StepProgress } from '../domain/progress.ts';
import { count, duration } from './duration.ts';

/** To follow the name of what nothing was to be done about. */
export function standing(
  { verb }: Request,
  observed: ReadonlyMap<AgentId, Observation>,
  left: number,
): string {
  if (verb === 'down' || verb === 'drain') return ' is stopped already: nothing to do.';
  const seen = [...observed.values()];
  const running = seen.filter(({ state }) => state === 'running').length;
  const restarting = seen.filter((each) => each.state === 'stopped' && each.restarting).length;
  const loops = restarting > 0 ? `, ${restarting} restarting by its own loop` : '';
  const agents = `${count(running, 'agent')} running${loops}`;
  if (left > 0) return `: nothing was done; ${agents}.`;
  return verb === 'up' ? ` is up already: ${agents}.` : ` is up to date: ${agents}, nothing changed.`;
}

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

/** As a reload gives it for a reason. */
export const leftDownBy = /left down by ([UW][A-Z0-9]+)/;

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

/** What saying yes would do, as a sentence. */
export function consequence(reason: AskReason, active: readonly Step[]): string {
  const agents = count(active.length, 'agent');
  switch (reason) {
    case 'hard-down':
      return `No drain: ${agents} ${active.length === 1 ? 'is' : 'are'} killed at once, and what they are working on is lost.`;
    case 'zero-budget':
      return `The budget is 0 s: ${agents} ${active.length === 1 ? 'is' : 'are'} asked once, not waited for, and killed.`;
    case 'force':
      return `--force replaces ${agents}, also those that did not change.`;
    case 'several-projects':
      return `It touches ${count(active.length, 'agent')} in ${count(projects(active), 'project')}.`;
  }
}

function projects(active: readonly Step[]): number {
  return new Set(active.map(({ id }) => id.slice(0, id.indexOf(':')))).size;
}

/** How an agent is now; untrusted text may be in it. */
export function seenWords(seen: Observation | undefined): string {
  if (seen === undefined) return 'unknown';
  if (seen.state === 'running') return `running, up ${duration(Date.now() - seen.since.getTime())}`;
  if (seen.state === 'unknown') return `unknown: ${seen.reason}`;
  return seen.restarting ? 'restarting' : 'stopped';
}

/** What would be done to it. */
export function fate({ action, budgetMs, why }: Step): string {
  const reason = why.length === 0 ? '' : ` (${reasonsOf(why)})`;
  const drained =
    budgetMs === 0 ? 'asked once, not waited for, killed' : `drained, ${duration(budgetMs)} at most`;
  switch (action) {
    case 'down':
      return `killed at once; a drain would wait ${duration(budgetMs)} at most`;
    case 'up':
      return `started${reason}`;
    case 'remove':
    case 'drain':
      return `${drained}${reason}`;
    default:
      return `${drained}, and started again${reason}`;
  }
}

/** What has happened to an agent since a question was shown. */
export const changeWords: { readonly [Change in Difference['change']]: string } = {
  started: 'has started',
  stopped: 'has stopped',
  'begun anew': 'has stopped and started again',
  restarting: 'has ended and is restarting',
  unknown: 'cannot be asked any more',
  added: 'has come into the team',
  gone: 'has gone from the team',
  handled: 'would be handled otherwise, by what the files say now',
};
