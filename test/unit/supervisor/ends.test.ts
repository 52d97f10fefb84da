import { mkdirSync, mkdtempSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { describe, expect, inject, it } from 'vitest';
import { parseEnd, readEnd } from '../../../src/supervisor/ends.ts';
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
    writeFileSync(path, '0 1700000000\n');
    const writer = new Worker(
      `const { parentPort, workerData } = require('node:worker_threads');
       const { openSync, writeSync, statSync, writeFileSync } = require('node:fs');
       parentPort.postMessage('ready');
       while (statSync(workerData).size > 0);
       writeSync(openSync(workerData, 'a'), '3 1700000001\\n');`,
      { eval: true, workerData: path },
    );
    await new Promise((resolve) => writer.once('message', resolve));

    writeFileSync(path, '');

    expect(readEnd(root, dev)).toMatchObject({ code: 3 });
    await writer.terminate();
  });

  it('is not known, and not awaited, from a file that a full disk or a power cut has left empty', () => {
    const { root, path, dev } = endFile();
    writeFileSync(path, '');
    utimesSync(path, 1_700_000_000, 1_700_000_000);

    expect(readEnd(root, dev)).toBeUndefined();
  });
});

function endFile() {
  const root = mkdtempSync(join(inject('unitDirectory'), 'ends-'));
  const dev = specOf('dev');
  const path = join(root, 'state/muster/ends', `${dev.project}-${dev.agent}`);
  mkdirSync(dirname(path), { recursive: true });
  return { root, path, dev };
}
