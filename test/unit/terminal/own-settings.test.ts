import { chownSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { expect, test } from 'vitest';
import { openOwnJournal, readOwnSettings } from '../../../src/terminal/own-settings.ts';
import { newJournal, stateDirectory } from '../operations/journal-under-test.ts';

test('only its own settings have to be right, and all complaints come at once', () => {
  expect(readOwnSettings({ SLACK_BOT_TOKEN: 'wrong', TEAM_ROOT: '/srv/.team' })).toMatchObject({
    TEAM_ROOT: '/srv/.team',
  });
  expect(() => readOwnSettings({ MUSTER_STATE_DIR: 'here', TMUX_SOCKET: 'there' })).toThrow(
    /^MUSTER_STATE_DIR is "here".*\nTMUX_SOCKET is "there"/,
  );
});

test('who only looks makes no journal', () => {
  const directory = stateDirectory();

  const journal = openOwnJournal(directory, false, 'npm run team -- status');

  expect(() => journal.run(() => undefined)).toThrow(/^There is no journal /);
  expect(existsSync(join(directory, 'journal.db'))).toBe(false);
});

test.runIf(process.getuid?.() === 0)(
  'who is not the owner of the journal may look, and changes nothing',
  () => {
    const directory = stateDirectory();
    newJournal(directory);
    const path = join(directory, 'journal.db');
    chownSync(path, 12_345, 12_345);

    expect(() => openOwnJournal(directory, true, 'npm run team -- drain shop')).toThrow(
      /journal\.db belongs to 12345 and you are root: .* Nothing was touched\. Type: sudo -u 12345 npm run team -- drain shop$/,
    );
    const journal = openOwnJournal(directory, false, 'npm run team -- status');
    expect(journal.run((database) => database.prepare('select 1 as one').get())).toEqual({ one: 1 });
    journal.close();
  },
);
