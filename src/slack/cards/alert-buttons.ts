import type { types } from '@slack/bolt';
import { type AgentId, splitAgentId } from '../../domain/agent.ts';
import { wholeTeam } from '../../domain/selection.ts';
import { duration } from '../../language/duration.ts';
import { actions, button, numbered } from '../markup/blocks.ts';

/** What an alert offers for one agent. */
export interface AlertedButtons {
  readonly id: AgentId;
  /** It is down, and nothing is about to start it. */
  readonly isDown?: boolean;
  /** A budget that would have been enough, or may be. */
  readonly budgetMs?: number;
}

/** More would be a wall of buttons. */
const mostWithOwn = 3;

/** The next steps: of one agent, of a few, or of the project or team that all of them belong to. */
export function alertButtons(agents: readonly AlertedButtons[]): readonly types.ActionsBlock[] {
  const [first] = agents;
  if (first === undefined) return [];
  if (agents.length === 1) return [actions([...own(first, 0, ''), ...scoped(first.id, '')])];
  const withOwn = agents.length > mostWithOwn ? [] : agents;
  const rows = withOwn.map((agent, index) => actions(own(agent, index, ` ${agent.id}`)));
  const scope = scopeOf(agents);
  const name = scope === wholeTeam ? 'the team' : scope;
  return [...rows, actions(scoped(scope, ` ${name}`))];
}

function own({ id, isDown = false, budgetMs }: AlertedButtons, index: number, name: string): types.Button[] {
  const one = (action: string, label: string, value: string = id) =>
    button({ action: numbered(action, index), label, value });
  return [
    ...(isDown ? [one('agent_start', `Start${name}`)] : []),
    one('agent_logs', name === '' ? 'Logs' : `Logs of${name}`),
    one('agent_why', `Why${name}`),
    ...(budgetMs === undefined ? [] : [one('agent_budget', giveLabel(budgetMs, name), `${id} ${budgetMs}`)]),
  ];
}

function giveLabel(budgetMs: number, name: string): string {
  return `Give${name || ' it'} ${duration(budgetMs)} next time`;
}

function scoped(scope: string, name: string): types.Button[] {
  return [
    button({ action: 'alert_reload', label: `Reload${name}`, value: scope }),
    button({ action: 'alert_mute', label: `Mute${name} 1 h`, value: scope }),
  ];
}

function scopeOf(agents: readonly AlertedButtons[]): string {
  const projects = [...new Set(agents.map(({ id }) => splitAgentId(id).project))];
  const [only, ...others] = projects;
  return only === undefined || others.length > 0 ? wholeTeam : only;
}
