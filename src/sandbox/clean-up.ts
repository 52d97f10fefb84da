import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { endPrivateTmuxServers } from './private-tmux.ts';
import { identify, isAlive, kill, type ProcessIdentity, signal } from './process-identity.ts';
import { type RunRecord, runDirectoryPrefix, runRecordName } from './run-record.ts';

/** Ends what a run started, last first, and leaves a record by which a later run can do it should this one be killed. */
export interface CleanUp {
  /** The run's own, gone afterwards. */
  readonly directory: string;
  /** What ends with this process anyway: servers, watchers. */
  add(name: string, stop: () => unknown): void;
  /** Asked with SIGTERM, killed if that doesn't help. */
  addProcess(name: string, pid: number): Promise<void>;
  /** A directory, inside the run's, that is some tmux's `TMUX_TMPDIR`. */
  addTmuxServers(tmuxTmpdir: string): void;
  /** Stops everything; further calls join the first. Rejects with all that went wrong. */
  run(): Promise<void>;
}

const patienceMs = 3_000;

export async function startCleanUp(parent = tmpdir()): Promise<CleanUp> {
  const directory = mkdtempSync(join(parent, runDirectoryPrefix));
  const owner = await identify(process.pid);
  if (!owner) throw new Error('this process cannot find itself among the running ones');
  const processes: ProcessIdentity[] = [];
  const tmuxDirectories: string[] = [];
  const stops: { name: string; stop: () => unknown }[] = [];
  let running: Promise<void> | undefined;

  // By rename: the next line may be the one at which we are killed, and half a record is none.
  const record = () => {
    const state: RunRecord = { owner, processes, tmuxDirectories };
    const path = join(directory, runRecordName);
    writeFileSync(`${path}.new`, JSON.stringify(state), { mode: 0o600 });
    renameSync(`${path}.new`, path);
  };

  async function stopAll(): Promise<void> {
    const failures: Error[] = [];
    for (const { name, stop } of stops.reverse()) {
      try {
        await stop();
      } catch (cause) {
        failures.push(new Error(`could not stop ${name}`, { cause }));
      }
    }
    if (failures.length > 0)
      throw new AggregateError(failures, failures.map(({ message }) => message).join('; '));
    rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  }

  record();
  return {
    directory,
    add: (name, stop) => void stops.push({ name, stop }),
    async addProcess(name, pid) {
      const identity = await identify(pid);
      if (!identity) return;
      processes.push(identity);
      record();
      stops.push({ name, stop: () => endProcess(identity) });
    },
    addTmuxServers(tmuxTmpdir) {
      tmuxDirectories.push(tmuxTmpdir);
      record();
      stops.push({
        name: `the tmux servers in ${tmuxTmpdir}`,
        stop: () => endPrivateTmuxServers(tmuxTmpdir),
      });
    },
    run: () => (running ??= stopAll()),
  };
}

export async function endProcess(identity: ProcessIdentity): Promise<void> {
  await signal(identity, 'SIGTERM');
  const deadline = Date.now() + patienceMs;
  while (Date.now() < deadline && (await isAlive(identity))) await delay(20);
  await kill(identity);
}

/** Cleans up when this process is told to end or fails; returns the way to take that back. */
export function cleanUpAtTheEnd(cleanUp: CleanUp, exit: (code: number) => void = process.exit): () => void {
  const end = (code: number) => {
    cleanUp.run().then(
      () => exit(code),
      (error: unknown) => {
        process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
        exit(code);
      },
    );
  };
  const interrupted = () => end(130);
  const terminated = () => end(143);
  const failed = (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    end(1);
  };
  process.on('SIGINT', interrupted).on('SIGTERM', terminated).on('SIGHUP', terminated);
  process.on('uncaughtException', failed).on('unhandledRejection', failed);
  return () => {
    process.off('SIGINT', interrupted).off('SIGTERM', terminated).off('SIGHUP', terminated);
    process.off('uncaughtException', failed).off('unhandledRejection', failed);
  };
}
