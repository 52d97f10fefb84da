import type { types } from '@slack/bolt';
import type { Operation } from '../../domain/operation.ts';
import type { Step } from '../../domain/plan.ts';
import type { StepProgress } from '../../domain/progress.ts';
import { duration } from '../../language/duration.ts';
import { plain } from '../../language/plain-text.ts';
import { reasonsOf, spoken } from '../../language/plan.ts';
import { selectionName } from '../../language/selection.ts';

/** Slack takes at most 50 tasks in a plan. */
const mostTasks = 50;

/** Of all titles together; Slack takes 12,000 in a message. */
const mostCharacters = 8000;

/** One task per agent; where that would be too many, one per project. */
export function planBlock(
  operation: Operation,
  entries: readonly StepProgress[],
  now: Date,
  isOver: boolean,
): types.PlanBlock {
  const name = plain(selectionName(operation.request.selection), 100);
  const { doing, noun } = spoken[operation.request.verb];
  const title = isOver ? `${noun} of ${name}, agent by agent` : `${doing} ${name}`;
  const projects = [...new Set(entries.map(({ step }) => projectOf(step)))].slice(0, mostTasks);
  const tasks =
    entries.length <= mostTasks
      ? entries.map((entry) => task(entry, now))
      : projects.map((project) => projectTask(project, entries));
  const most = Math.floor(mostCharacters / tasks.length);
  return { type: 'plan', title, tasks: tasks.map((each) => ({ ...each, title: plain(each.title, most) })) };
}

function task(entry: StepProgress, now: Date): types.TaskCardBlock {
  const { step, phase, stop, gone } = entry;
  const killed = stop !== undefined && 'outcome' in stop.result && stop.result.outcome === 'TimedOutKilled';
  return {
    type: 'task_card',
    task_id: step.id,
    title: `${plain(step.id, 140)} · ${phaseWords(entry, now)}`,
    status:
      phase.kind === 'failed' || (phase.kind === 'done' && (killed || gone !== undefined))
        ? 'error'
        : phase.kind === 'done' || phase.kind === 'left'
          ? 'complete'
          : phase.kind === 'pending'
            ? 'pending'
            : 'in_progress',
  };
}

function phaseWords(entry: StepProgress, now: Date): string {
  const { step, phase } = entry;
  const wasStopped = entry.stop !== undefined || entry.gone !== undefined;
  const why = step.why.length === 0 ? '' : ` (${plain(reasonsOf(step.why), 100)})`;
  switch (phase.kind) {
    case 'pending':
      return `pending${why}`;
    case 'draining': {
      if (phase.cutShort) return 'killing: somebody ended the wait';
      const leftMs = phase.since.getTime() + phase.budgetMs - now.getTime();
      return leftMs > 0
        ? `draining, ${duration(Math.ceil(leftMs / 1000) * 1000)} left`
        : 'killing: its time is over';
    }
    case 'killing':
      return 'killing';
    case 'waiting-to-start':
      return `${stopWords(entry)}, starts next`;
    case 'forgetting':
      return stopWords(entry);
    case 'starting':
      return wasStopped ? `${stopWords(entry)}, starting` : 'starting';
    case 'failed':
      return `failed: ${plain(phase.error, 100)}`;
    case 'left':
      return `${wasStopped ? stopWords(entry) : 'left alone'}: ${plain(phase.why, 120)}`;
    case 'done':
      if (!wasStopped) return step.start === undefined ? 'removed' : 'up';
      return step.start === undefined ? stopWords(entry) : `${stopWords(entry)}, up again`;
  }
}

function stopWords({ stop, gone }: StepProgress): string {
  if (gone !== undefined) return 'ended, nobody knows whether in time';
  if (stop === undefined) return 'stopped';
  const { result } = stop;
  const took = duration(result.tookMs);
  if ('outcome' in result) return `${result.outcome} after ${took}`;
  return result.wasRunning ? `killed after ${took}` : 'was not running';
}

function projectTask(project: string, entries: readonly StepProgress[]): types.TaskCardBlock {
  const own = entries.filter(({ step }) => projectOf(step) === project);
  const done = own.filter(({ phase }) => phase.kind === 'done' || phase.kind === 'left').length;
  const failed = own.filter(({ phase }) => phase.kind === 'failed').length;
  const words = [`${done} of ${own.length} done`, ...(failed > 0 ? [`${failed} failed`] : [])].join(', ');
  const begun = own.some(({ phase }) => phase.kind !== 'pending');
  return {
    type: 'task_card',
    task_id: project,
    title: `${plain(project, 140)} · ${words}`,
    status: failed > 0 ? 'error' : done === own.length ? 'complete' : begun ? 'in_progress' : 'pending',
  };
}

function projectOf({ id }: Step): string {
  return id.slice(0, id.indexOf(':'));
}
