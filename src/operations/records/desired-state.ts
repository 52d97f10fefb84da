import type { AgentId } from '../../domain/agent.ts';
import type { WantedDown, WantedState } from '../../domain/desired-state.ts';
import type { Journal } from '../../journal/journal.ts';

/** What people last asked Muster for, apart from what is observed. No record means up. */
export interface Wanted {
  set(agents: readonly AgentId[], state: 'up' | 'down', by: string): void;
  /** Agents that are gone from the team. */
  forget(agents: readonly AgentId[]): void;
  of(agent: AgentId): WantedState | undefined;
  whichDown(): ReadonlyMap<AgentId, WantedDown>;
}

export function createWanted(journal: Journal, now: () => number = Date.now): Wanted {
  function eachOf(agents: readonly AgentId[], sql: string, ...rest: (string | number)[]): void {
    journal.together(() =>
      journal.run((database) => {
        const statement = database.prepare(sql);
        for (const agent of agents) statement.run(agent, ...rest);
      }),
    );
  }

  return {
    set: (agents, state, by) =>
      eachOf(
        agents,
        'insert or replace into wanted (agent, state, by_whom, at) values (?, ?, ?, ?)',
        state,
        by,
        now(),
      ),
    forget: (agents) => eachOf(agents, 'delete from wanted where agent = ?'),
    of(agent) {
      const row = journal.run((database) =>
        database.prepare('select state, by_whom, at from wanted where agent = ?').get(agent),
      );
      if (row === undefined) return undefined;
      return {
        state: row.state === 'down' ? 'down' : 'up',
        by: String(row.by_whom),
        at: new Date(Number(row.at)),
      };
    },
    whichDown() {
      const rows = journal.run((database) =>
        database.prepare("select agent, by_whom, at from wanted where state = 'down'").all(),
      );
      return new Map(
        rows.map(({ agent, by_whom, at }) => [
          agent as AgentId,
          { by: String(by_whom), at: new Date(Number(at)) },
        ]),
      );
    },
  };
}
