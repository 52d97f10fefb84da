import type { types } from '@slack/bolt';
import { type Html, html } from './html.ts';
import { type HtmlReader, linkHtml } from './html-reader.ts';
import { richTextHtml } from './html-rich-text.ts';

export function planHtml(plan: types.PlanBlock, reader: HtmlReader): Html {
  const tasks = (plan.tasks ?? []) as readonly types.TaskCardBlock[];
  return html`<div class="plan"><div class="plan-title">${plan.title}</div><ul class="tasks">${tasks.map(
    (task) => html`<li>${taskHtml(task, reader)}</li>`,
  )}</ul></div>`;
}

export function taskHtml(task: types.TaskCardBlock, reader: HtmlReader): Html {
  const more = [task.details, task.output].filter((part) => part !== undefined);
  const sources = task.sources ?? [];
  return html`<div class="task task-${task.status}"><span class="task-mark" role="img" aria-label="${words[task.status]}"></span><div class="task-title">${
    task.title
  }</div>${more.map((part) => html`<div class="task-more">${richTextHtml(part, reader)}</div>`)}${
    sources.length > 0 &&
    html`<div class="task-more">${sources.map(({ text, url }) => html`${linkHtml(url, text)} `)}</div>`
  }</div>`;
}

const words: { readonly [Status in types.TaskCardBlock['status']]: string } = {
  pending: 'pending',
  in_progress: 'in progress',
  complete: 'complete',
  error: 'error',
};
