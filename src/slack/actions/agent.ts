import type { Action } from '../action.ts';
import { parseSelection } from '../command.ts';
import { UsageError } from '../explain.ts';
import { ordinaryLines, showLogs } from '../show-logs.ts';

/** The same as typing `/team logs`. */
export const agentLogs: Action = {
  id: 'agent_logs',
  effect: 'reveals',
  async run({ value, reply }, desk) {
    const selection = parseSelection(value);
    if (selection.kind !== 'agent') throw new UsageError('This button names no agent.');
    await showLogs(selection.id, ordinaryLines, reply, desk);
  },
};
