import type { Request } from '../../operations/operation.ts';
import type { Plan, Step } from '../../operations/plan.ts';
import type { Observation } from '../../supervisor/supervisor.ts';
import type { AgentId } from '../../team/team.ts';
import { section, smallPrint } from '../blocks.ts';
import { count } from '../duration.ts';
import type { MessageContent } from '../messages.ts';
import { escaped } from '../outside-text.ts';
import { boldSelection } from './plan-words.ts';

const mostLeft = 10;

/** A request that finds everything as it should be, or nothing that it may touch. */
export function nothingToDoCard(
  request: Request,
  plan: Plan,
  observed: ReadonlyMap<AgentId, Observation>,
): MessageContent {
  const running = [...observed.values()].filter(({ state }) => state === 'running').length;
  const left = leftAlone(plan);
  const first = `${boldSelection(request)} ${state(request, plan, running)}`;
  const lines = left
    .slice(0, mostLeft)
    .map(({ id, why }) => `• ${escaped(id)} left alone: ${escaped(why.join(', '), 200)}`);
  const more = left.length > mostLeft ? [`• and ${left.length - mostLeft} more`] : [];
  const note = plan.note === undefined ? [] : [escaped(plan.note, 300)];
  const text = [first, ...note, ...lines, ...more].join('\n');
  return {
    text,
    blocks: [section(text), smallPrint(`Asked by <@${request.askedBy}> · ${escaped(request.text, 200)}`)],
  };
}

function leftAlone({ steps }: Plan): readonly Step[] {
  return steps.filter(({ action }) => action === 'leave');
}

function state({ verb }: Request, plan: Plan, running: number): string {
  if (verb === 'down' || verb === 'drain') return 'is stopped already: nothing to do.';
  const agents = `${count(running, 'agent')} running`;
  if (leftAlone(plan).length > 0) return `: nothing that can be done (${agents}).`;
  if (plan.note !== undefined) return `has nothing to start: ${agents}.`;
  return verb === 'up' ? `is up already: ${agents}.` : `is up to date: ${agents}, nothing changed.`;
}
