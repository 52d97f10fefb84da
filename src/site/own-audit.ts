import type { AuditAttempt, AuditEntry } from '../domain/audit.ts';
import { JournalError } from '../journal/journal.ts';
import type { Audit } from '../operations/records/audit.ts';
import { refusalBy } from './local-site.ts';

/** What people on the host asked for, beside the site's journal. */
export interface OwnAudit {
  /** Notes an attempt, and gives what notes its outcome. What is done is done whether or not this can be written beside it. */
  attempt(attempt: AuditAttempt): (outcome: string) => void;
  /** Oldest first. Throws `RefusedError`. */
  since(from: Date): readonly AuditEntry[];
}

export function createOwnAudit(audit: Audit): OwnAudit {
  return {
    attempt(attempt) {
      const number = unlessWithoutJournal(() => audit.attempt(attempt));
      return (outcome) => {
        if (number !== undefined) unlessWithoutJournal(() => audit.outcome(number, { outcome }));
      };
    },
    since(from) {
      try {
        return audit.since(from);
      } catch (error) {
        throw refusalBy(error);
      }
    },
  };
}

function unlessWithoutJournal<Result>(write: () => Result): Result | undefined {
  try {
    return write();
  } catch (error) {
    if (error instanceof JournalError) return undefined;
    throw error;
  }
}
