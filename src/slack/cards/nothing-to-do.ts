import type { Request } from '../../operations/operation.ts';
import type { Plan } from '../../operations/plan.ts';
import type { Observation } from '../../supervisor/supervisor.ts';
import type { AgentId } from '../../team/team.ts';
import { section, smallPrint } from '../blocks.ts';
import { count } from '../duration.ts';
import type { MessageContent } from '../messages.ts';
import { escaped } from '../outside-text.ts';
import { boldSelection, mention, reasonWords } from './plan-words.ts';

const mostLeft = 10;

/** A request that finds everything as it should be, or nothing that it may touch. */
export function nothingToDoCard(
  request: Request,
  plan: Plan,
  observed: ReadonlyMap<AgentId, Observation>,
): MessageContent {
  const left = plan.steps.filter(({ action }) => action === 'leave');
  const first = `${boldSelection(request)}${standing(request, observed, left.length)}`;
  const lines = left
    .slice(0, mostLeft)
    .map(({ id, why }) => `• ${escaped(id)} left alone: ${reasonWords(why, 200)}`);
  const more = left.length > mostLeft ? [`• and ${left.length - mostLeft} more`] : [];
  const text = [first, ...lines, ...more].join('\n');
  return {
    text,
    blocks: [
      section(text),
      smallPrint(`Asked by ${mention(request.askedBy)} · ${escaped(request.text, 200)}`),
    ],
  };
}

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
