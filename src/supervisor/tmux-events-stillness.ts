import { type FoundAgent, isOnlyLoop } from './found-agent.ts';
import type { Process } from './process-table.ts';
import type { Pane } from './tmux-panes.ts';

/** What a look found, so that the next need not look at the host's processes if nothing has happened since; an end asks for a look by itself. */
export interface Stillness {
  note(panes: readonly Pane[], agents: readonly FoundAgent[]): void;
  /** From now on nothing is taken for granted. */
  forget(): void;
  /** The panes are the same still. */
  holds(panes: readonly Pane[]): boolean;
}

/** The truth is looked at this often whatever seems still. */
const trustedMs = 60_000;

export function createStillness(now: () => number): Stillness {
  let noted: { panes: string; until: number } | undefined;

  return {
    note(panes, agents) {
      if (agents.some(isOnlyLoop)) noted = undefined;
      else noted = { panes: JSON.stringify(panes), until: now() + trustedMs };
    },
    forget() {
      noted = undefined;
    },
    holds: (panes) => noted !== undefined && now() < noted.until && JSON.stringify(panes) === noted.panes,
  };
}

/** The processes whose end changes something: the agent, or, while its loop sleeps, the loop. */
export function pivotsOf({ lead, members }: FoundAgent): readonly Process[] {
  return lead ? [lead] : members.map(({ process }) => process);
}
