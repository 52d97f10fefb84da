import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cleanUpAtTheEnd, startCleanUp } from '../../../src/sandbox/clean-up.ts';
import { cleanUpEarlierRuns } from '../../../src/sandbox/earlier-runs.ts';
import { identify } from '../../../src/sandbox/process-identity.ts';

let parent: string;
const children: ChildProcess[] = [];
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'clean-up-test-'));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(parent, { recursive: true, force: true });
});

function sleeper(): ChildProcess & { pid: number } {
  const child = spawn('sleep', ['60'], { stdio: 'ignore' });
  children.push(child);
  return child as ChildProcess & { pid: number };
}

test('everything is stopped, last first, once, and the directory goes', async () => {
  const cleanUp = await startCleanUp(parent);
  const stopped: string[] = [];
  cleanUp.add('server', () => stopped.push('server'));
  cleanUp.add('bot', async () => stopped.push('bot'));
  const child = sleeper();
  await cleanUp.addProcess('child', child.pid);

  await Promise.all([cleanUp.run(), cleanUp.run()]);

  expect(stopped).toEqual(['bot', 'server']);
  expect(await identify(child.pid)).toBeUndefined();
  expect(existsSync(cleanUp.directory)).toBe(false);
});

test('one that can’t be stopped keeps none of the others running', async () => {
  const cleanUp = await startCleanUp(parent);
  const stopped: string[] = [];
  cleanUp.add('server', () => stopped.push('server'));
  cleanUp.add('bot', () => {
    throw new Error('no');
  });

  await expect(cleanUp.run()).rejects.toThrow('could not stop bot');

  expect(stopped).toEqual(['server']);
});

test('a signal cleans up before it ends the process', async () => {
  const cleanUp = await startCleanUp(parent);
  const code = await new Promise((resolve) => {
    const takeBack = cleanUpAtTheEnd(cleanUp, (exitCode) => {
      takeBack();
      resolve(exitCode);
    });
    process.emit('SIGINT');
  });

  expect(code).toBe(130);
  expect(existsSync(cleanUp.directory)).toBe(false);
});

test('what a killed run left is ended by the next, and a live run is left alone', async () => {
  const alive = await startCleanUp(parent);
  const child = sleeper();
  const owner = sleeper();
  const identity = await identify(child.pid);
  const left = join(parent, 'muster-sandbox-left');
  mkdirSync(left, { mode: 0o700 });
  const record = {
    owner: await identify(owner.pid),
    processes: [identity],
    tmuxDirectories: [join(left, 'tmux')],
  };
  writeFileSync(join(left, 'run.json'), JSON.stringify(record));

  expect(await cleanUpEarlierRuns(parent)).toEqual([]);
  owner.kill('SIGKILL');
  await once(owner, 'exit');
  expect(await cleanUpEarlierRuns(parent)).toEqual([left]);

  expect(await identify(child.pid)).toBeUndefined();
  expect(existsSync(left)).toBe(false);
  expect(existsSync(alive.directory)).toBe(true);
  await alive.run();
});

test('a record that others could have written is not obeyed, and a pid that is somebody else’s by now is left alone', async () => {
  const child = sleeper();
  const identity = await identify(child.pid);
  const gone = { pid: process.pid, startedAt: 'long ago' };
  const open = join(parent, 'muster-sandbox-open');
  mkdirSync(open);
  writeFileSync(
    join(open, 'run.json'),
    JSON.stringify({ owner: gone, processes: [identity], tmuxDirectories: [] }),
  );
  const { chmodSync } = await import('node:fs');
  chmodSync(open, 0o777);
  const reused = join(parent, 'muster-sandbox-reused');
  mkdirSync(reused, { mode: 0o700 });
  const other = { pid: child.pid, startedAt: 'long ago' };
  writeFileSync(
    join(reused, 'run.json'),
    JSON.stringify({ owner: gone, processes: [other], tmuxDirectories: [] }),
  );

  expect(await cleanUpEarlierRuns(parent)).toEqual([reused]);

  expect(await identify(child.pid)).toEqual(identity);
});
