import type { AgentId } from '../team/team.ts';
import type { OperationEvent } from './events.ts';

/** How an agent was last stopped through Muster. */
export interface LastStop {
  readonly how: 'Graceful' | 'TimedOutKilled' | 'Killed';
  readonly at: Date;
}

/** The last stop of each agent since this process began. */
export interface LastStops {
  note(event: OperationEvent): void;
  of(id: AgentId): LastStop | undefined;
}

export function createLastStops(): LastStops {
  const stops = new Map<AgentId, LastStop>();
  return {
    note(event) {
      if (event.kind === 'drained') stops.set(event.id, { how: event.result.outcome, at: event.at });
      if (event.kind === 'killed' && event.result.wasRunning)
        stops.set(event.id, { how: 'Killed', at: event.at });
    },
    of: (id) => stops.get(id),
  };
}
