import type { AgentId } from '../domain/agent.ts';
import type { Selection } from '../domain/selection.ts';
import { UsageError } from './refusals.ts';

export function selectionName(selection: Selection): string {
  switch (selection.kind) {
    case 'team':
      return 'the whole team';
    case 'project':
      return selection.project;
    case 'agent':
      return selection.id;
  }
}

const part = '[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}';

const project = new RegExp(`^${part}$`);

const agent = new RegExp(`^${part}:${part}$`);

/** `shop` or `shop:pay`; nothing means the whole team. Throws UsageError. */
export function parseSelection(word: string | undefined): Selection {
  if (word === undefined) return { kind: 'team' };
  if (agent.test(word)) return { kind: 'agent', id: word as AgentId };
  if (project.test(word)) return { kind: 'project', project: word };
  throw new UsageError(`${word} is no name; a project is written like shop, an agent like shop:pay.`);
}
