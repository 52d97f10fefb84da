import type { types } from '@slack/bolt';
import type { AgentId } from '../../domain/agent.ts';
import type { Selection } from '../../domain/selection.ts';
import { actions, button, numbered } from '../markup/blocks.ts';

export interface StatusButtons {
  readonly selection: Selection;
  /** Counted from 0. */
  readonly page: number;
  readonly pages: number;
  /** In the order in which a person should look at them. */
  readonly troubled: readonly AgentId[];
}

/** More would be a wall of buttons. */
const mostTroubled = 4;

/** What one agent's buttons lead to; the first of them is there for each agent in trouble. */
const agentButtons = [{ action: 'agent_logs', label: 'Logs' }] as const;

export function statusButtons({
  selection,
  page,
  pages,
  troubled,
}: StatusButtons): readonly types.ActionsBlock[] {
  const value = (at: number) => JSON.stringify({ ...selection, ...(at > 0 && { page: at }) });
  const first = [
    button({ action: 'status_refresh', label: 'Refresh', value: value(page) }),
    ...(page > 0
      ? [button({ action: 'status_previous', label: 'Previous page', value: value(page - 1) })]
      : []),
    ...(page < pages - 1
      ? [button({ action: 'status_next', label: 'Next page', value: value(page + 1) })]
      : []),
    button({ action: 'status_reload', label: `Reload ${shortName(selection)}`, value: value(0) }),
  ];
  const ofAgents =
    selection.kind === 'agent'
      ? agentButtons.map(({ action, label }) => button({ action, label, value: selection.id }))
      : troubled.slice(0, mostTroubled).map((id, index) =>
          button({
            action: numbered(agentButtons[0].action, index),
            label: `${agentButtons[0].label} of ${id}`,
            value: id,
          }),
        );
  return [actions(first), ...(ofAgents.length > 0 ? [actions(ofAgents)] : [])];
}

function shortName(selection: Selection): string {
  if (selection.kind === 'team') return 'the team';
  return selection.kind === 'project' ? selection.project : selection.id;
}
