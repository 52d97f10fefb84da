import type { types } from '@slack/bolt';
import type { Reader } from './reader.ts';
import { renderRichText } from './render-rich-text.ts';
import { indent, wrap } from './text-layout.ts';

export function renderPlan(plan: types.PlanBlock, reader: Reader, columns: number): string[] {
  const tasks = (plan.tasks ?? []) as readonly types.TaskCardBlock[];
  return [
    ...wrap(reader.ink.bold(plan.title), columns),
    ...indent(tasks.flatMap((task) => renderTask(task, reader, columns - 2))),
  ];
}

export function renderTask(task: types.TaskCardBlock, reader: Reader, columns: number): string[] {
  const more = [task.details, task.output].filter((part) => part !== undefined);
  const sources = (task.sources ?? []).map(({ text, url }) => `${text} (${url})`);
  return [
    `${markOf(task.status, reader)} ${task.title}`,
    ...indent([...more.flatMap((part) => renderRichText(part, reader, columns - 4)), ...sources], '    '),
  ];
}

function markOf(status: types.TaskCardBlock['status'], { ink }: Reader): string {
  const marks = {
    pending: ink.dim('·'),
    in_progress: ink.warn('…'),
    complete: ink.good('✓'),
    error: ink.bad('✗'),
  };
  return marks[status];
}
