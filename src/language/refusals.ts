import { type Refusal, RefusedError } from '../domain/refusal.ts';
import { duration } from './duration.ts';
import { likelyTypoOf } from './likely-typo.ts';
import type { Wording } from './phrases.ts';
import { plain } from './plain-text.ts';

/** What a person wrote makes no command; the message says what does, in plain text, and may have their words in it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The settings or the user are such that nothing can be done; each line is one complaint. */
export class NotReadyError extends Error {
  override readonly name = 'NotReadyError';
}

const mostComplaints = 10;

/** For a record that nobody reads as markup; in UTC. */
const recordWording: Wording = {
  person: (id) => id,
  moment: (at) => `${at.toISOString().slice(0, 19).replace('T', ' ')} UTC`,
  lasting: duration,
  quoted: (text, most = 300) => plain(text, most),
  name: (id) => id,
  linked: (words) => words,
};

/** Why something was not done, for the record. */
export function reasonWords(error: unknown): string {
  if (error instanceof RefusedError) return refusalWords(error.refusal, recordWording).join(' ');
  return error instanceof Error ? error.message || error.name : String(error);
}

/** What was refused and what to do about it, a paragraph each. */
export function refusalWords(
  refusal: Refusal,
  { person, moment, quoted, linked }: Wording,
): readonly string[] {
  switch (refusal.kind) {
    case 'unknown-selection': {
      const { asked, known } = refusal;
      const near = likelyTypoOf(asked, known);
      const hint =
        near === undefined
          ? `There ${known.length === 1 ? 'is' : 'are'}: ${quoted(known.slice(0, 20).join(', ') || 'none', 2000)}.`
          : `Did you mean ${quoted(near)}?`;
      return [`There is no ${asked.includes(':') ? 'agent' : 'project'} ${quoted(asked, 150)}. ${hint}`];
    }
    case 'team-does-not-load': {
      const { complaints } = refusal;
      const more = complaints.length - mostComplaints;
      return [
        "The team's files don't load. Nothing was touched.",
        ...complaints.slice(0, mostComplaints).map((complaint) => `• ${quoted(complaint, 300)}`),
        ...(more > 0 ? [`• and ${more} more`] : []),
      ];
    }
    case 'busy': {
      const { text, askedBy, since, project, id, pid, link } = refusal.operation;
      const where = pid === undefined ? '' : `, in another Muster on this host (pid ${pid})`;
      return [
        `${quoted(project)} is busy with ${quoted(text, 150)}, asked by ${person(askedBy)} at ${moment(since)} (${linked(id, link)})${where}. Nothing was touched; ask again when it is over.`,
      ];
    }
    case 'unknown-operation':
      return [`There is no operation ${quoted(refusal.id, 50)}, or the journal does not go back so far.`];
    case 'restarting':
      return ['Muster is being restarted. Nothing was touched; ask again in a moment.'];
    case 'journal':
      return [`${quoted(refusal.words, 500)} Nothing was touched.`];
    case 'supervisor':
      return [`${quoted(refusal.words, 500)}. Nothing more was done.`];
  }
}
