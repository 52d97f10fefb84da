import { z } from 'zod';
import { type Selection, selectionName } from '../../operations/operation.ts';
import { readStatus } from '../../operations/status.ts';
import type { AgentId } from '../../team/team.ts';
import type { Action } from '../action.ts';
import { statusCard } from '../cards/status.ts';

const selectionValue = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('team') }),
  z.object({ kind: z.literal('project'), project: z.string() }),
  z.object({ kind: z.literal('agent'), id: z.templateLiteral([z.string(), ':', z.string()]) }),
]);

function selectionOf(value: string): Selection {
  return selectionValue.parse(JSON.parse(value)) as Selection & { id: AgentId };
}

/** Looks again and edits the table in place. */
export const statusRefresh: Action = {
  id: 'status_refresh',
  effect: 'reads',
  async run({ asker, value, message }, { host, lastStops }) {
    const selection = selectionOf(value);
    const status = await readStatus(host, selection);
    message.edit(statusCard({ status, selection, hostName: host.name, lastStops, askedBy: asker.person }));
    await message.settled();
  },
};

/** The same as typing `/team reload`. */
export const statusReload: Action = {
  id: 'status_reload',
  effect: 'changes',
  async run({ asker, value }, { conductor }) {
    const selection = selectionOf(value);
    const text = `[Reload ${selectionName(selection)}]`;
    await conductor.request(
      { verb: 'reload', selection, force: false, askedBy: asker.person, text },
      asker.channel,
    );
  },
};
