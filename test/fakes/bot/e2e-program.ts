import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { beforeAll, inject, onTestFinished } from 'vitest';
import { until } from '../until.ts';
import { cleanEnvironment } from './e2e-bot.ts';

const repository = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');

/** One of package.json's scripts, or a verb of `muster`, as a process. */
export interface Program {
  readonly process: ChildProcess;
  /** What it has printed, on both of its outputs, as it came. */
  output(): string;
  /** Both, apart. */
  stdout(): string;
  stderr(): string;
  type(line: string): void;
  /** Resolves with the first match in what was printed since the last match. */
  prints(what: RegExp): Promise<RegExpExecArray>;
  /** Resolves with the exit code, or the signal that ended it. */
  ended(): Promise<number | NodeJS.Signals>;
}

/** What `npm run SCRIPT` runs, or where there is no such script `muster VERB`, in whatever directory. */
export function commandOf(script: string, checkout = repository): readonly string[] {
  const { scripts } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8'));
  const [program = '', ...args] = String(scripts[script] ?? `bin/muster ${script}`).split(' ');
  if (program === 'bin/muster') return [join(checkout, program), ...args];
  if (program !== 'node') throw new Error(`npm run ${script} no longer runs node: ${scripts[script]}`);
  return [
    process.execPath,
    ...args.map((arg) => arg.replace(/^(?:\.\/)?src\//, () => `${join(checkout, 'src')}/`)),
  ];
}

/** `muster`, of this checkout. */
export const muster = join(repository, 'bin/muster');

function makeDirectory(): string {
  return realpathSync(mkdtempSync(join(inject('e2eDirectory'), 'test-')));
}

/** A directory for one test, which is everything it may write to. */
export function directoryForTest(): string {
  const directory = makeDirectory();
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/**
 * Runs what `npm run SCRIPT -- MORE` or `muster VERB MORE` runs, in `directory`: npm itself would go to the repository, where a developer's own `.env`
 * may lie.
 */
export function runScript(...call: Parameters<typeof startScript>): Program {
  const program = startScript(...call);
  onTestFinished(() => void program.process.kill('SIGKILL'));
  return program;
}

/** Runs it for all tests of a file or a `describe`, in a directory of its own; it is told to end after them. */
export function scriptForAll(script: string): () => Program {
  let program: Program | undefined;

  beforeAll(() => {
    const directory = makeDirectory();
    const started = startScript(script, directory);
    program = started;
    return async () => {
      started.process.kill('SIGTERM');
      await started.ended();
      rmSync(directory, { recursive: true, force: true });
    };
  });

  return () => {
    if (program === undefined) throw new Error(`${script} has not started yet`);
    return program;
  };
}

function startScript(
  script: string,
  directory: string,
  env: NodeJS.ProcessEnv = {},
  more: readonly string[] = [],
  checkout = repository,
): Program {
  const [node = '', ...args] = commandOf(script, checkout);
  const child = spawn(node, [...args, ...more], {
    cwd: directory,
    env: { ...cleanEnvironment(directory), ...env },
    stdio: 'pipe',
  });
  const printed = { both: '', stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].on('data', (chunk: Buffer) => {
      printed.both += chunk.toString();
      printed[stream] += chunk.toString();
    });
  }
  const closed = new Promise<number | NodeJS.Signals>((resolve) => {
    child.on('close', (code, signal) => resolve(code ?? signal ?? 'SIGKILL'));
  });
  let read = 0;

  return {
    process: child,
    output: () => printed.both,
    stdout: () => printed.stdout,
    stderr: () => printed.stderr,
    type: (line) => void child.stdin.write(`${line}\n`),
    async prints(what) {
      const found = await until(
        `${script} prints ${what}`,
        () => {
          const match = what.exec(printed.both.slice(read));
          if (match === null && child.exitCode !== null) throw new Error(`it ended: ${printed.both}`);
          return match;
        },
        30_000,
      ).catch((cause: unknown) => {
        throw new Error(`${script} never printed ${what}, but:\n${printed.both.slice(read)}`, { cause });
      });
      read += found.index + found[0].length;
      return found;
    },
    ended: () => closed,
  };
}
