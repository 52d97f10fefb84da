import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Journal, openJournal } from '../../../src/operations/journal.ts';
import { type Records, recordsIn } from '../../../src/operations/records.ts';

/** The process that the journal takes for ours. */
export const self = { pid: process.pid, startTime: '1', bootId: 'fake-boot' };

/** A directory that goes with the test. */
export function stateDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'muster-journal-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** A journal that goes with the test. */
export function newJournal(directory = stateDirectory()): Journal {
  const journal = openJournal(directory);
  onTestFinished(() => journal.close());
  return journal;
}

export function newRecords(): Records {
  return recordsIn(newJournal(), self);
}
