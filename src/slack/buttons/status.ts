import { z } from 'zod';
import type { AgentId } from '../../domain/agent.ts';
import type { Selection } from '../../domain/selection.ts';
import { selectionName } from '../../language/selection.ts';
import { statusCard } from '../cards/status.ts';
import type { Action } from './button.ts';

const pageValue = z.int().min(0).optional();

const statusValue = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('team'), page: pageValue }),
  z.object({ kind: z.literal('project'), project: z.string(), page: pageValue }),
  z.object({
    kind: z.literal('agent'),
    id: z.templateLiteral([z.string(), ':', z.string()]),
    page: pageValue,
  }),
]);

function whichStatus(value: string): { readonly selection: Selection; readonly page: number } {
  const { page = 0, ...selection } = statusValue.parse(JSON.parse(value));
  return { selection: selection as Selection & { id: AgentId }, page };
}

/** Looks again and edits the table in place. */
export const statusRefresh = turningTo('status_refresh');

export const statusPrevious = turningTo('status_previous');

export const statusNext = turningTo('status_next');

function turningTo(id: string): Action {
  return {
    id,
    effect: 'reads',
    async run({ asker, value, message }, { site, hostName }) {
      const { selection, page } = whichStatus(value);
      const status = await site.status(selection);
      message.edit(
        statusCard({
          status,
          selection,
          hostName,
          askedBy: asker.person,
          page,
        }),
      );
      await message.settled();
    },
  };
}

/** The same as typing `/team reload`. */
export const statusReload: Action = {
  id: 'status_reload',
  effect: 'changes',
  async run({ asker, value }, { requests }) {
    const { selection } = whichStatus(value);
    const text = `[Reload ${selectionName(selection)}]`;
    await requests.request({ verb: 'reload', selection, force: false, askedBy: asker.person, text }, asker);
  },
};
