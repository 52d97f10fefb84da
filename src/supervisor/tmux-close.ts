import type { Tmux } from './tmux-command.ts';
import { inPane, isSame, listPanes, type Pane } from './tmux-panes.ts';

/** Closes the panes, whatever still runs in them; resolves to what was wrong with those that stayed. */
export async function closePanes(tmux: Tmux, panes: readonly Pane[]): Promise<readonly string[]> {
  const reasons = await Promise.all(panes.map((pane) => closePane(tmux, pane)));
  return reasons.filter((reason) => reason !== undefined);
}

async function closePane(tmux: Tmux, pane: Pane): Promise<string | undefined> {
  const answer = await inPane(tmux, pane, `kill-pane -t ${pane.id}`);
  if (answer.kind === 'done' || answer.kind === 'absent') return undefined;
  const listing = await listPanes(tmux);
  const isGone = listing.kind === 'panes' && !listing.panes.some((other) => isSame(pane, other));
  return isGone ? undefined : answer.reason;
}
