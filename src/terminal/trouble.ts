import { JournalError } from '../operations/journal.ts';
import { type Refusal, RefusedError } from '../operations/refusal.ts';
import { SupervisorError } from '../supervisor/supervisor.ts';
import { TeamNotFoundError } from '../team/discover.ts';
import { likelyTypoOf } from '../team/likely-typo.ts';
import { moment } from './moments.ts';
import { UsageError } from './order.ts';
import { clean } from './style.ts';

/** The settings or the user are such that nothing can be done; each line is one complaint. */
export class NotReadyError extends Error {
  override readonly name = 'NotReadyError';
}

const mostComplaints = 10;

/** Every failure in sentences, one paragraph each: what happened, and what to do. */
export function troubleWords(error: unknown): readonly string[] {
  if (error instanceof RefusedError) return refusalWords(error.refusal);
  if (error instanceof UsageError || error instanceof NotReadyError || error instanceof TeamNotFoundError)
    return error.message.split('\n');
  if (error instanceof JournalError) return [`${clean(error.message)} Nothing was touched.`];
  if (error instanceof SupervisorError) return [`${clean(error.message)}. Nothing more was done.`];
  return [
    'Something went wrong inside Muster.',
    error instanceof Error ? (error.stack ?? error.message) : String(error),
  ];
}

function refusalWords(refusal: Refusal): readonly string[] {
  switch (refusal.kind) {
    case 'unknown-selection': {
      const { asked, known } = refusal;
      const near = likelyTypoOf(asked, known);
      const hint =
        near === undefined
          ? `There ${known.length === 1 ? 'is' : 'are'}: ${clean(known.slice(0, 20).join(', ')) || 'none'}.`
          : `Did you mean ${clean(near)}?`;
      return [`There is no ${asked.includes(':') ? 'agent' : 'project'} ${clean(asked, 150)}. ${hint}`];
    }
    case 'team-does-not-load': {
      const { complaints } = refusal;
      const more = complaints.length - mostComplaints;
      return [
        "The team's files don't load. Nothing was touched.",
        ...complaints.slice(0, mostComplaints).map((complaint) => `- ${clean(complaint)}`),
        ...(more > 0 ? [`- and ${more} more`] : []),
      ];
    }
    case 'busy': {
      const { text, askedBy, since, project, id, pid } = refusal.operation;
      const where = pid === undefined ? '' : `, in another Muster on this host (pid ${pid})`;
      return [
        `${clean(project)} is busy with ${clean(text, 150)}, asked by ${clean(askedBy, 100)} at ${moment(since, new Date())} (${id})${where}. Nothing was touched; ask again when it is over.`,
      ];
    }
  }
}
