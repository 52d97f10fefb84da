import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import process from 'node:process';
import type { Readable } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import {
  createPulse,
  feelsBirths,
  isGone,
  type Pulse,
  type Touch,
} from '../../../../src/supervisor/process/liveness.ts';
import { hasProc } from '../../../../src/supervisor/process/process-table.ts';
import { until } from '../../../fakes/until.ts';

let children: ChildProcess[] = [];
let pulse: Pulse | undefined;

afterEach(() => {
  pulse?.close();
  for (const child of children) child.kill('SIGKILL');
  children = [];
});

describe('the pulse', () => {
  it('tells of each end once, and not of what lives', async () => {
    const [one, two] = [sleeper(), sleeper()];
    const told = feeling(pidOf(one), pidOf(two), process.pid);

    one.kill('SIGKILL');
    await until('one is told', () => told.count === 1);
    two.kill('SIGKILL');
    await until('two is told', () => told.count === 2);
    await beats();

    expect(told.count).toBe(2);
  });

  it('tells of what had ended before it was felt', async () => {
    const child = sleeper();
    child.kill('SIGKILL');
    await once(child, 'exit');

    const told = feeling(pidOf(child));

    await until('it is told', () => told.count === 1);
  });

  it.skipIf(!hasProc)('tells of what has ended and is never reaped', async () => {
    const pid = await unreaped();
    const told = feeling(pid);
    await beats();
    expect([told.count, isGone(pid)]).toEqual([0, false]);

    process.kill(pid, 'SIGKILL');

    await until('it is told', () => told.count === 1);
    expect(isGone(pid)).toBe(true);
    expect(() => process.kill(pid, 0)).not.toThrow();
  });

  it('tells of the end of one that somebody tells of, too', async () => {
    const child = sleeper();
    const told = feelingTouch({ silent: [], told: [pidOf(child)] });

    child.kill('SIGKILL');

    await until('it is told', () => told.count === 1);
  });

  it.skipIf(!feelsBirths)('tells of a child that a parent has got, and of one that it has lost', async () => {
    const [parent, first] = await mother();
    const told = feelingTouch({ silent: [], parents: new Map([[pidOf(parent), [first]]]) });

    parent.stdin?.write('sleep 1000 >/dev/null & echo $!\n');
    const [line] = await once(parent.stdout as Readable, 'data');
    await until('the birth is told', () => told.born === 1);
    process.kill(Number(line), 'SIGKILL');
    parent.stdin?.write('wait $!; echo over\n');
    await once(parent.stdout as Readable, 'data');
    await beats();
    expect([told.count, told.born], 'what comes and goes').toEqual([0, 1]);
    process.kill(first, 'SIGKILL');
    parent.stdin?.write('wait %1; echo over\n');

    await until('the end is told', () => told.count === 1);
  });

  it.skipIf(!feelsBirths)('tells of a parent that has ended before its first beat', async () => {
    const [parent, first] = await mother();
    const told = feelingTouch({ silent: [], parents: new Map([[pidOf(parent), [first]]]) });

    parent.kill('SIGKILL');
    process.kill(first, 'SIGKILL');

    await until('it is told', () => told.count === 1);
  });

  it.skipIf(!hasProc)('leaves no file open, also when it feels once more after its end', () => {
    const pid = pidOf(sleeper());
    feeling(pid);
    pulse?.feel({ silent: [pid] });
    pulse?.feel({ silent: [pid], told: [pid], parents: new Map([[pid, []]]) });
    expect(openFilesOf(pid)).toBe(3);

    pulse?.close();
    pulse?.feel({ silent: [pid] });

    expect(openFilesOf(pid)).toBe(0);
  });
});

function feeling(...pids: number[]): { count: number } {
  return feelingTouch({ silent: pids });
}

function feelingTouch(touch: Touch): { count: number; born: number } {
  const told = { count: 0, born: 0 };
  pulse = createPulse({
    everyMs: 5,
    onGone() {
      told.count += 1;
    },
    onBorn() {
      told.born += 1;
    },
  });
  pulse.feel(touch);
  return told;
}

/** Until a pulse of the same pace, begun later, has felt an end: the other has had its beat, too. */
async function beats(): Promise<void> {
  const child = sleeper();
  let isFelt = false;
  const other = createPulse({
    everyMs: 5,
    onGone() {
      isFelt = true;
    },
  });
  other.feel({ silent: [], told: [pidOf(child)] });
  child.kill('SIGKILL');
  await until('it is felt', () => isFelt).finally(other.close);
}

function sleeper(): ChildProcess {
  const child = spawn('sleep', ['1000']);
  children.push(child);
  return child;
}

/** A shell that runs what it is told, with its first child. */
async function mother(): Promise<[ChildProcess, number]> {
  const parent = spawn('sh', ['-s']);
  children.push(parent);
  parent.stdin.write('sleep 1000 >/dev/null & echo $!\n');
  const [line] = await once(parent.stdout, 'data');
  return [parent, Number(line)];
}

/** Its parent has become a program that knows nothing of it. */
async function unreaped(): Promise<number> {
  const parent = spawn('sh', ['-c', 'sleep 1000 >/dev/null & echo $!; exec sleep 1000']);
  children.push(parent);
  const [line] = await once(parent.stdout, 'data');
  return Number(line);
}

function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error('it was not started');
  return pid;
}

function openFilesOf(pid: number): number {
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith(`/proc/${pid}/`);
    } catch {
      return false;
    }
  }).length;
}
