import { RefusedError } from '../../domain/refusal.ts';
import { JournalError } from '../../journal/journal.ts';
import { NotReadyError, refusalWords, UsageError } from '../../language/refusals.ts';
import { SupervisorError } from '../../supervisor/supervisor.ts';
import { TeamNotFoundError } from '../../team/discover.ts';
import { clean } from '../terminal/style.ts';
import { terminalWording } from './terminal-phrases.ts';

/** Every failure in sentences, one paragraph each: what happened, and what to do. */
export function troubleWords(error: unknown): readonly string[] {
  if (error instanceof RefusedError) return refusalWords(error.refusal, terminalWording());
  if (error instanceof UsageError || error instanceof NotReadyError || error instanceof TeamNotFoundError)
    return error.message.split('\n');
  if (error instanceof JournalError) return [`${clean(error.message)} Nothing was touched.`];
  if (error instanceof SupervisorError) return [`${clean(error.message)}. Nothing more was done.`];
  return [
    'Something went wrong inside Muster.',
    error instanceof Error ? (error.stack ?? error.message) : String(error),
  ];
}
