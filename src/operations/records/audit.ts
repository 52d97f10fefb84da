import type { AuditAttempt, AuditEntry, AuditOutcome } from '../../domain/audit.ts';
import type { Journal } from '../../journal/journal.ts';

/** Every attempt, appended and never changed or pruned. */
export interface Audit {
  /** Gives the number under which the outcome is added. */
  attempt(attempt: AuditAttempt): number;
  outcome(attempt: number, outcome: AuditOutcome): void;
  /** Oldest first. */
  since(from: Date): readonly AuditEntry[];
}

export function createAudit(journal: Journal, now: () => number = Date.now): Audit {
  return {
    attempt({ delivery, person, team, channel, text, decision, reason }) {
      const { lastInsertRowid } = journal.run((database) =>
        database
          .prepare(
            'insert into audit (at, delivery, person, team, channel, text, decision, reason) values (?, ?, ?, ?, ?, ?, ?, ?)',
          )
          .run(now(), delivery, person, team, channel, text, decision, reason ?? null),
      );
      return Number(lastInsertRowid);
    },
    outcome(attempt, { outcome }) {
      journal.run((database) =>
        database
          .prepare('insert into audit_outcomes (attempt, at, outcome) values (?, ?, ?)')
          .run(attempt, now(), outcome),
      );
    },
    since(from) {
      const rows = journal.run((database) =>
        database
          .prepare(
            `select audit.at, audit.delivery, audit.person, audit.team, audit.channel, audit.text, audit.decision,
                    audit.reason, audit_outcomes.outcome, audit_operations.operation
             from audit
             left join audit_outcomes on attempt = audit.id
             left join audit_operations on audit_operations.delivery = audit.delivery
             where audit.at >= ? order by audit.id`,
          )
          .all(from.getTime()),
      );
      return rows.map(
        (row) =>
          ({
            ...Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)),
            at: new Date(Number(row.at)),
          }) as AuditEntry,
      );
    },
  };
}
