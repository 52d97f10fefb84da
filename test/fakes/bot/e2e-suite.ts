import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import type { TestProject } from 'vitest/node';
import { isRunning } from '../team/agent-tree-on-disk.ts';
import { until } from '../until.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Everything the end-to-end tests make is in here; what they start carries it in its environment. */
    e2eDirectory: string;
  }
}

/** Gives the end-to-end tests one directory, and fails the run if they leave anything in it, or a process that knows of it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'muster-e2e-')));
  mkdirSync(join(directory, 'home'));
  project.provide('e2eDirectory', directory);
  return async () => {
    await until(
      'every process of the end-to-end tests has ended',
      () => processesOf(directory).length === 0,
      5000,
    )
      .catch((cause: unknown) => {
        const left = processesOf(directory).map((pid) => `${pid} ${commandOf(pid)}`);
        for (const pid of processesOf(directory)) process.kill(pid, 'SIGKILL');
        throw new Error(`the end-to-end tests left processes behind:\n${left.join('\n')}`, { cause });
      })
      .finally(() => {
        const left = leftIn(directory);
        rmSync(directory, { recursive: true, force: true });
        if (left.length > 0) throw new Error(`the end-to-end tests left files behind: ${left.join(', ')}`);
      });
  };
}

/** Processes whose environment or command line names the directory. */
export function processesOf(directory: string): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((pid) => pid !== process.pid && pid !== process.ppid && isRunning(pid))
    .filter((pid) => ['environ', 'cmdline'].some((file) => contentOf(pid, file).includes(directory)));
}

/** What is in the directory besides the home that the tests share. */
export function leftIn(directory: string): string[] {
  return [...readdirSync(directory), ...readdirSync(join(directory, 'home'))].filter(
    (name) => name !== 'home',
  );
}

function commandOf(pid: number): string {
  return contentOf(pid, 'cmdline').replaceAll('\0', ' ').slice(0, 200);
}

function contentOf(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
