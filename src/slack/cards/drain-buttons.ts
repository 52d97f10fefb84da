import type { types } from '@slack/bolt';
import type { Progress } from '../../domain/progress.ts';
import { count } from '../../language/duration.ts';
import { actions, button } from '../markup/blocks.ts';

/** What a press of [+60 s] adds. */
export const extensionMs = 60_000;

/** While anything drains: more time for it, or none. */
export function drainButtons(
  operation: string,
  progress: Progress,
  now: Date,
): readonly types.ActionsBlock[] {
  const waiting = [...progress.values()].filter(
    ({ phase }) => phase.kind === 'draining' && !phase.cutShort && phase.forcedAt === undefined,
  ).length;
  if (waiting === 0) return [];
  const value = JSON.stringify({ operation, shownAt: now.getTime() });
  const agents = count(waiting, 'agent');
  return [
    actions([
      button({ action: 'drain_extend', label: `+${extensionMs / 1000} s`, value }),
      button({
        action: 'drain_kill',
        label: 'Kill now',
        value,
        style: 'danger',
        confirm: killDialog(agents),
      }),
    ]),
  ];
}

function killDialog(agents: string): types.ConfirmationDialog {
  const words = `No more waiting: what of ${agents} still drains is killed at once and flagged TimedOutKilled. What they have not finished is lost.`;
  return {
    title: { type: 'plain_text', text: `Kill ${agents} now?` },
    text: { type: 'plain_text', text: words },
    confirm: { type: 'plain_text', text: `Kill ${agents}` },
    deny: { type: 'plain_text', text: 'Let them finish' },
    style: 'danger',
  };
}
