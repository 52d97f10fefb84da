import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createFakeJob, type FakeJob, jobKeys } from './launchctl-job.ts';
import { parsePlist } from './launchctl-plist.ts';
import { describeDomain, describeJob } from './launchctl-print.ts';

export interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** In the place of launchd: it listens on a socket for the program `launchctl` in `bin`, and keeps real processes running. */
export interface FakeLaunchd {
  readonly domain: string;
  /** A directory for the PATH. */
  readonly bin: string;
  /** Every command that was asked, in order. */
  readonly asked: readonly (readonly string[])[];
  jobs(): ReadonlyMap<string, FakeJob>;
  /** Decides the answer in launchd's place: an answer, `never` for none at all, nothing to leave it to launchd. */
  fault: (args: readonly string[]) => Answer | 'never' | undefined;
  close(): Promise<void>;
}

const program = fileURLToPath(new URL('./launchctl.pl', import.meta.url));
export const domain = 'gui/501';

/** `secondMs`: how long a second of ThrottleInterval and ExitTimeOut takes. */
export async function createFakeLaunchd(directory: string, secondMs = 1000): Promise<FakeLaunchd> {
  const jobs = new Map<string, FakeJob>();
  const asked: (readonly string[])[] = [];
  const open = new Set<Socket>();
  const bin = join(directory, 'bin');
  const socketPath = join(directory, 'launchd');
  mkdirSync(bin);
  const client = join(bin, 'launchctl');
  writeFileSync(client, `#!/bin/sh\nexec perl '${program}' '${socketPath}' "$@"\n`);
  chmodSync(client, 0o755);
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    let request = '';
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      request += chunk;
    });
    socket.on('end', () => {
      const args = request.split('\0');
      asked.push(args);
      const result = fake.fault(args) ?? answer(args);
      if (result !== 'never') socket.end([result.code, result.stdout, result.stderr].join('\0'));
    });
  });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));

  const fake: FakeLaunchd = {
    domain,
    bin,
    asked,
    jobs: () => jobs,
    fault: () => undefined,
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return fake;

  function answer([verb = '', ...args]: readonly string[]): Answer {
    switch (verb) {
      case 'bootstrap':
        return bootstrap(args);
      case 'bootout':
        return withJob(args[0], 3, 'Boot-out failed: 3: No such process', (job) => {
          job.remove();
          return said('');
        });
      case 'kickstart':
        return withJob(args.at(-1), 113, missing(args.at(-1)), (job) => {
          if (job.pid !== undefined && !args.includes('-k'))
            return refused(37, 'Could not kickstart service: 37: Operation already in progress');
          if (args.includes('-k')) job.signal('SIGKILL');
          job.start();
          return said('');
        });
      case 'kill':
        return withJob(args[1], 113, missing(args[1]), (job) =>
          job.signal(args[0] as NodeJS.Signals) ? said('') : refused(3, 'No process to signal.'),
        );
      case 'print':
        if (args[0] === domain) return said(describeDomain(domain, jobs));
        return withJob(args[0], 113, missing(args[0]), (job) => said(describeJob(domain, job)));
      default:
        return refused(64, `Unrecognized subcommand: ${verb}`);
    }
  }

  function bootstrap([target, path = '']: readonly string[]): Answer {
    if (target !== domain)
      return refused(125, 'Bootstrap failed: 125: Domain does not support specified action');
    const inputOutput = refused(
      5,
      'Bootstrap failed: 5: Input/output error\nTry re-running the command as root for richer errors.',
    );
    try {
      const keys = jobKeys.parse(parsePlist(readFileSync(path, 'utf8')));
      if (jobs.has(keys.Label)) return inputOutput;
      const job = createFakeJob(keys, { secondMs, onGone: () => jobs.delete(keys.Label) });
      jobs.set(keys.Label, job);
      if (keys.RunAtLoad) job.start();
      return said('');
    } catch {
      return inputOutput;
    }
  }

  function withJob(
    target: string | undefined,
    code: number,
    words: string,
    act: (job: FakeJob) => Answer,
  ): Answer {
    if (!target?.startsWith(`${domain}/`)) return refused(125, 'Domain does not support specified action');
    const job = jobs.get(target.slice(domain.length + 1));
    return job ? act(job) : refused(code, words);
  }
}

function missing(target = ''): string {
  return `Bad request.\nCould not find service "${target.split('/').at(-1)}" in domain for user gui: 501`;
}

function said(stdout: string): Answer {
  return { code: 0, stdout, stderr: '' };
}

export function refused(code: number, words: string): Answer {
  return { code, stdout: '', stderr: `${words}\n` };
}
