import { mkdirSync, mkdtempSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, inject, it, onTestFinished, vi } from 'vitest';
import {
  endsWritten,
  makeWayForEnd,
  parseEnd,
  readEnd,
} from '../../../../src/supervisor/process/exit-records.ts';
import { readLife } from '../../../../src/supervisor/process/life-records.ts';
import { readReceipt } from '../../../../src/supervisor/systemd/unit-control.ts';
import { watchEnds } from '../../../../src/supervisor/tmux/watch-exit-records.ts';
import { everyPlant, lay, type Plant } from '../../../fakes/team/plants.ts';
import { specOf } from './found-agents.ts';

describe('how an agent ended', () => {
  const at = new Date(1_700_000_000_000);

  it.each([
    ['0 1700000000\n', { kind: 'exited', code: 0, at }],
    ['0 1700000000 HUP\n', { kind: 'exited', code: 0, at, askedBy: 'HUP' }],
    ['129 1700000000 HUP\n', { kind: 'signalled', signal: 'HUP', at }],
    ['127 1700000000\n', { kind: 'exited', code: 127, at }],
    ['130 1700000000\n', { kind: 'signalled', signal: 'INT', at }],
    ['137 1700000000\n', { kind: 'signalled', signal: 'KILL', at }],
    ['255 1700000000\n', { kind: 'exited', code: 255, at }],
  ])('is read from %j', (text, expected) => {
    expect(parseEnd(text, at.getTime())).toEqual(expected);
  });

  it.each(['', '7', '7 17000', 'seven 1700000000\n', '0 1700000000 SOON\n'])(
    'is not known from %j',
    (text) => {
      expect(parseEnd(text, at.getTime())).toBeUndefined();
    },
  );

  it.each([
    ['within the second, when it was written', at.getTime() + 400, at.getTime() + 400],
    ['by the second, if the file was touched later', at.getTime() + 60_000, at.getTime()],
    ['by the second, if the file was touched before', at.getTime() - 1, at.getTime()],
  ])('is dated %s', (_how, writtenAtMs, expected) => {
    expect(parseEnd('0 1700000000\n', writtenAtMs)?.at.getTime()).toBe(expected);
  });

  it('is awaited where a shell has emptied the file and is about to write to it', async () => {
    const { root, path, dev } = endFile();
    writeFileSync(path, '');
    vi.useFakeTimers({ toFake: ['Date'], now: statSync(path).mtimeMs + 50 });
    onTestFinished(() => void vi.useRealTimers());
    const writing = { now: () => 0, sleep: async () => writeFileSync(path, '3 1700000001\n') };

    await endsWritten(root, [dev], writing);

    expect(readEnd(root, dev)).toMatchObject({ lastEnd: { code: 3 } });
  });

  it.each([
    ['a full disk or a power cut has left empty', 1_700_000_000],
    ['is empty and from the future', 4_000_000_000],
  ])('is not known, and not awaited, from a file that %s', async (_what, time) => {
    const { root, path, dev } = endFile();
    writeFileSync(path, '');
    utimesSync(path, time, time);

    await endsWritten(root, [dev], {
      now: () => 0,
      sleep: () => Promise.reject(new Error('it was awaited')),
    });

    expect(readEnd(root, dev)).toEqual({});
  });

  it.each(everyPlant)('is not known, and that is said, from %s', (plant) => {
    const { root, path, dev } = endFile();
    lay(plant, path);

    expect(readEnd(root, dev)).toEqual(readable(plant) ? {} : { endUnread: expect.stringContaining(path) });
  });

  it.each(everyPlant)('can be written down by the next life where %s lay', async (plant) => {
    const { root, path, dev } = endFile();
    lay(plant, path);

    await makeWayForEnd(root, dev);

    expect(readEnd(root, dev)).toEqual({});
    if (readable(plant)) return;
    writeFileSync(path, '3 1700000001\n');
    expect(readEnd(root, dev)).toMatchObject({ lastEnd: { code: 3 } });
  });

  it.each(everyPlant)('is watched for, or not, where the directory is %s', (plant) => {
    const { root, path } = endFile();
    lay(plant, dirname(path));

    const ends = watchEnds(root, () => undefined);
    onTestFinished(() => ends.close());

    expect(ends.renew()).toBe(false);
    expect(ends.works).toBe(plant === 'a directory' || plant === 'a link to a directory');
  });
});

describe('how an agent last lived, and what systemd said of it', () => {
  it.each(everyPlant)('is not known from %s', (plant) => {
    const { root, dev } = endFile();
    lay(plant, join(root, 'state/muster/lives', `${dev.project}-${dev.agent}`));
    lay(plant, join(root, 'state/muster/receipts', `${dev.project}.${dev.agent}`));

    expect(readLife(root, dev)).toBeUndefined();
    expect(readReceipt(root, dev)).toBeUndefined();
  });
});

/** Nothing keeps root from reading. */
function readable(plant: Plant): boolean {
  if (plant === 'a file for nobody, full of letters') return process.getuid?.() === 0;
  return plant === 'an empty file from the future';
}

function endFile() {
  const root = mkdtempSync(join(inject('unitDirectory'), 'ends-'));
  const dev = specOf('dev');
  const path = join(root, 'state/muster/ends', `${dev.project}-${dev.agent}`);
  mkdirSync(dirname(path), { recursive: true });
  return { root, path, dev };
}
