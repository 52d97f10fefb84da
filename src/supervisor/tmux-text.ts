import type { Tmux } from './tmux-command.ts';
import { inPane, type Pane } from './tmux-panes.ts';

/** The last lines of a pane, without the empty rest of its screen; none if the pane has gone or cannot be read. */
export async function capture(tmux: Tmux, pane: Pane, count: number): Promise<readonly string[]> {
  const answer = await inPane(tmux, pane, `capture-pane -p -J -t ${pane.id} -S -${count}`);
  if (answer.kind !== 'done') return [];
  const lines = answer.output.split('\n').map((line) => line.trimEnd());
  dropEmptyEnd(lines);
  // tmux's own words in a pane that outlives its program.
  if (/^Pane is dead( \(|$)/.test(lines.at(-1) ?? '')) {
    lines.pop();
    dropEmptyEnd(lines);
  }
  return lines.slice(-count);
}

function dropEmptyEnd(lines: string[]): void {
  while (lines.at(-1) === '') lines.pop();
}
