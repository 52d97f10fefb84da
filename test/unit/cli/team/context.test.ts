import { chownSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { expect, test } from 'vitest';
import { readOwnSettings } from '../../../../src/cli/team/context.ts';
import { createWanted } from '../../../../src/operations/records/desired-state.ts';
import { openOwnJournal } from '../../../../src/site/own-journal.ts';
import { newJournal, stateDirectory } from '../../journal/journal-under-test.ts';

test('only its own settings have to be right, and all complaints come at once', () => {
  expect(readOwnSettings({ SLACK_BOT_TOKEN: 'wrong', TEAM_ROOT: '/srv/.team' })).toMatchObject({
    TEAM_ROOT: '/srv/.team',
  });
  expect(() => readOwnSettings({ MUSTER_STATE_DIR: 'here', TMUX_SOCKET: 'there' })).toThrow(
    /^MUSTER_STATE_DIR is "here".*\nTMUX_SOCKET is "there"/,
  );
});

const remarks: string[] = [];
const opening = (changes: boolean, words: string) => ({
  changes,
  text: `muster ${words}`,
  remark: (remark: string) => void remarks.push(remark),
});

test('who only looks makes no journal, finds nothing in it, and is told where it would be', () => {
  const directory = stateDirectory();

  const journal = openOwnJournal(directory, opening(false, 'status'));

  expect(createWanted(journal).whichDown().size).toBe(0);
  expect(remarks).toEqual([
    `There is no journal ${join(directory, 'journal.db')}: nothing was asked of Muster yet.`,
  ]);
  expect(existsSync(join(directory, 'journal.db'))).toBe(false);
});

test.runIf(process.getuid?.() === 0)(
  'who is not the owner of the journal may look, and changes nothing',
  () => {
    const directory = stateDirectory();
    newJournal(directory);
    const path = join(directory, 'journal.db');
    chownSync(path, 12_345, 12_345);

    expect(() => openOwnJournal(directory, opening(true, 'drain shop'))).toThrow(
      /journal\.db belongs to 12345 and you are root: .* Nothing was touched\. Type: sudo -u 12345 muster drain shop$/,
    );
    const journal = openOwnJournal(directory, opening(false, 'status'));
    expect(journal.run((database) => database.prepare('select 1 as one').get())).toEqual({ one: 1 });
    journal.close();
  },
);
