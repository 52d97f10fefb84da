import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keepLogSmall, readTail } from '../../../../src/supervisor/launchd/log-file.ts';

describe('what an agent printed', () => {
  let directory: string;
  let log: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'muster-log-'));
    log = join(directory, 'dev.log');
  });

  afterEach(() => rmSync(directory, { recursive: true }));

  it.each([
    ['the last of more', 'a\nb\nc\n', 2, ['b', 'c']],
    ['all of fewer', 'a\n', 5, ['a']],
    ['no empty end', 'a\n\n\n', 5, ['a']],
    ['an unfinished line', 'a\nb', 5, ['a', 'b']],
    ['no commands for a terminal', '\x1b[31mred\x1b[0m\x1b]0;title\x07\n', 5, ['red']],
    ['nothing of nothing', '', 5, []],
    ['nothing where nothing is wanted', 'a\n', 0, []],
  ])('%s', async (_, text, count, expected) => {
    writeFileSync(log, text);

    expect(await readTail(log, count)).toEqual(expected);
  });

  it('is nothing where there is no file', async () => {
    expect(await readTail(log, 5)).toEqual([]);
  });

  it('is read from the end of a large file, without the line that is cut', async () => {
    writeFileSync(log, `${'x'.repeat(70_000)}\nlast\n`);

    expect(await readTail(log, 5)).toEqual(['last']);
  });

  it('is put aside before a start once it is large', async () => {
    await keepLogSmall(log);
    writeFileSync(log, 'small');
    await keepLogSmall(log);
    expect(existsSync(log)).toBe(true);

    writeFileSync(log, Buffer.alloc(5 * 1024 * 1024));
    await keepLogSmall(log);

    expect(existsSync(log)).toBe(false);
    expect(statSync(`${log}.1`).size).toBe(5 * 1024 * 1024);
  });
});
