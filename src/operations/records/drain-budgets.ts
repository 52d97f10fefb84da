import type { AgentId } from '../../domain/agent.ts';
import type { DrainBudget } from '../../domain/desired-state.ts';
import type { Journal } from '../../journal/journal.ts';

/** What was asked for with [Give it 45 s next time]. Never written to the team's files. */
export interface DrainBudgets {
  set(agent: AgentId, budgetMs: number, by: string): void;
  /** From now on the team's files count again. */
  forget(agent: AgentId): void;
  of(agent: AgentId): DrainBudget | undefined;
}

export function createDrainBudgets(journal: Journal, now: () => number = Date.now): DrainBudgets {
  return {
    set: (agent, budgetMs, by) =>
      journal.run((database) => {
        database
          .prepare('insert or replace into drain_budgets (agent, budget_ms, by_whom, at) values (?, ?, ?, ?)')
          .run(agent, budgetMs, by, now());
      }),
    forget: (agent) =>
      journal.run((database) => {
        database.prepare('delete from drain_budgets where agent = ?').run(agent);
      }),
    of(agent) {
      const row = journal.run((database) =>
        database.prepare('select * from drain_budgets where agent = ?').get(agent),
      );
      return (
        row && {
          budgetMs: Number(row.budget_ms),
          by: String(row.by_whom),
          at: new Date(Number(row.at)),
        }
      );
    },
  };
}
