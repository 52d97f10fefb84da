import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Journal, openJournal } from '../../../src/journal/journal.ts';
import { type Records, recordsIn } from '../../../src/operations/records/records.ts';
import { createDeliveries, type Deliveries } from '../../../src/slack/records/deliveries.ts';
import { createPosts, type Posts } from '../../../src/slack/records/posts.ts';

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

/** Those of the operations, and Slack's own. */
export function newRecords(): Records & { readonly deliveries: Deliveries; readonly posts: Posts } {
  const journal = newJournal();
  return {
    ...recordsIn(journal, self),
    deliveries: createDeliveries(journal),
    posts: createPosts(journal),
  };
}

/** A disk on which the journal finds no more room, or plenty again. */
export function diskOf({ run }: Journal): { fill(): void; free(): void } {
  const tables = () =>
    run((database) => database.prepare("select name from sqlite_master where type = 'table'").all());
  const eachTrigger = (work: (name: string, when: string) => string) =>
    run((database) => {
      for (const { name: table } of tables())
        for (const deed of ['insert', 'update', 'delete'])
          database.exec(work(`full_${table}_${deed}`, `before ${deed} on ${table}`));
    });
  return {
    fill: () =>
      eachTrigger(
        (name, when) =>
          `create temp trigger ${name} ${when} begin select raise(abort, 'database or disk is full'); end`,
      ),
    free: () => eachTrigger((name) => `drop trigger temp.${name}`),
  };
}
