import { statSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { emptyJournal, type Journal, JournalError, missingJournal, openJournal } from '../journal/journal.ts';
import { NotReadyError } from '../language/refusals.ts';
import { userName } from '../supervisor/programs/user-name.ts';

export interface Opening {
  readonly changes: boolean;
  /** What was typed. */
  readonly text: string;
  /** Says what is no part of the result. */
  readonly remark: (words: string) => void;
}

/**
 * The journal of the bot. Who only looks makes none and may do without; who changes something has to be its owner, or the bot
 * could not read afterwards what was written. Throws NotReadyError and JournalError.
 */
export function openOwnJournal(directory: string, { changes, text, remark }: Opening): Journal {
  const path = join(directory, 'journal.db');
  if (changes) {
    refuseOtherUser(path, text);
    return openJournal(directory);
  }
  if (statSync(path, { throwIfNoEntry: false }) === undefined) {
    remark(`There is no journal ${path}: nothing was asked of Muster yet.`);
    return emptyJournal();
  }
  try {
    return openJournal(directory);
  } catch (error) {
    if (error instanceof JournalError) return missingJournal(error);
    throw error;
  }
}

function refuseOtherUser(path: string, text: string): void {
  const owner = ownerOf(path);
  const own = process.geteuid?.();
  if (owner === undefined || own === undefined || owner === own) return;
  throw new NotReadyError(
    `${path} belongs to ${userName(owner)} and you are ${userName(own)}: what you change, that user's Muster could not read. Nothing was touched. Type: sudo -u ${userName(owner)} ${text}`,
  );
}

function ownerOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.uid;
}
