import { RefusedError } from '../../domain/refusal.ts';
import { NotReadyError, refusalWords, UsageError } from '../../language/refusals.ts';
import { terminalWording } from './terminal-phrases.ts';

/** Every failure in sentences, one paragraph each: what happened, and what to do. */
export function troubleWords(error: unknown): readonly string[] {
  if (error instanceof RefusedError) return refusalWords(error.refusal, terminalWording());
  if (error instanceof UsageError || error instanceof NotReadyError) return error.message.split('\n');
  return [
    'Something went wrong inside Muster.',
    error instanceof Error ? (error.stack ?? error.message) : String(error),
  ];
}
