import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import process from 'node:process';
import { afterEach, describe, expect, it } from 'vitest';
import { hasProc } from '../../../src/supervisor/process-table.ts';
import { createPulse, isGone, type Pulse } from '../../../src/supervisor/pulse.ts';
import { until } from '../../fakes/until.ts';

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

  it.skipIf(!hasProc)('leaves no file open, also when it feels once more after its end', () => {
    const pid = pidOf(sleeper());
    feeling(pid);
    pulse?.feel([pid]);
    expect(openFilesOf(pid)).toBe(1);

    pulse?.close();
    pulse?.feel([pid]);

    expect(openFilesOf(pid)).toBe(0);
  });
});

function feeling(...pids: number[]): { count: number } {
  const told = { count: 0 };
  pulse = createPulse(5, () => {
    told.count += 1;
  });
  pulse.feel(pids);
  return told;
}

/** Until a pulse of the same pace, begun later, has felt an end: the other has had its beat, too. */
async function beats(): Promise<void> {
  const child = sleeper();
  let isFelt = false;
  const other = createPulse(5, () => {
    isFelt = true;
  });
  other.feel([pidOf(child)]);
  child.kill('SIGKILL');
  await until('it is felt', () => isFelt).finally(other.close);
}

function sleeper(): ChildProcess {
  const child = spawn('sleep', ['1000']);
  children.push(child);
  return child;
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
      return readlinkSync(`/proc/self/fd/${fd}`) === `/proc/${pid}/stat`;
    } catch {
      return false;
    }
  }).length;
}
