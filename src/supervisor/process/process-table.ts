import { readdirSync, readFileSync } from 'node:fs';

export interface Process {
  readonly pid: number;
  readonly ppid: number;
  /** The session it belongs to; a process group never reaches over the border of one. */
  readonly sid: number;
  /** With the pid it makes an identity: pids are used again. */
  readonly startTime: string;
  /** The kernel's one letter. */
  readonly state: string;
  /** The short name; `tmux: server` for a tmux server. */
  readonly name: string;
}

/** What the kernel has to say about the processes of this host at one moment. Those that have ended and only wait to be reaped are left out. */
export interface ProcessTable {
  get(pid: number): Process | undefined;
  all(): Iterable<Process>;
  childrenOf(pid: number): readonly Process[];
  inSession(sid: number): readonly Process[];
  argvOf(process: Process): readonly string[];
}

export function tableOf(
  processes: readonly Process[],
  argvOf: (process: Process) => readonly string[],
): ProcessTable {
  const byPid = new Map<number, Process>();
  const byParent = new Map<number, Process[]>();
  const bySession = new Map<number, Process[]>();
  const argvs = new Map<Process, readonly string[]>();
  for (const process of processes) {
    if (hasEnded(process.state)) continue;
    byPid.set(process.pid, process);
    put(byParent, process.ppid, process);
    put(bySession, process.sid, process);
  }
  return {
    get: (pid) => byPid.get(pid),
    all: () => byPid.values(),
    childrenOf: (pid) => byParent.get(pid) ?? [],
    inSession: (sid) => bySession.get(sid) ?? [],
    argvOf(process) {
      const known = argvs.get(process);
      if (known) return known;
      const argv = argvOf(process);
      argvs.set(process, argv);
      return argv;
    },
  };
}

function put(groups: Map<number, Process[]>, key: number, process: Process): void {
  const group = groups.get(key);
  if (group) group.push(process);
  else groups.set(key, [process]);
}

/** It waits to be reaped, if need be for ever: tmux before 3.6 misses many an end of what it has started itself. */
export function hasEnded(state: string): boolean {
  return state === 'Z' || state === 'X';
}

export const hasProc = process.platform === 'linux';

export async function readProcessTable(): Promise<ProcessTable> {
  return hasProc ? readProc() : readPs();
}

function readProc(): ProcessTable {
  const processes: Process[] = [];
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const stat = readOf(Number(entry), 'stat');
    if (stat !== undefined) processes.push(parseStat(stat));
  }
  return tableOf(processes, ({ pid }) => (readOf(pid, 'cmdline') ?? '').split('\0').slice(0, -1));
}

/** One file of a process, or nothing if the process has ended or is not ours to read. */
export function readOf(pid: number, file: 'stat' | 'status' | 'cmdline' | 'environ'): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH' || code === 'EACCES' || code === 'EPERM') return undefined;
    throw error;
  }
}

/** The name stands in parentheses and may itself hold spaces and parentheses. */
export function parseStat(stat: string): Process {
  const open = stat.indexOf('(');
  const close = stat.lastIndexOf(')');
  const rest = stat.slice(close + 2).split(' ');
  return {
    pid: Number(stat.slice(0, open)),
    name: stat.slice(open + 1, close),
    state: rest[0] ?? '?',
    ppid: Number(rest[1]),
    sid: Number(rest[3]),
    startTime: rest[19] ?? '',
  };
}

/** The state alone, for those that ask hundreds of times a second. */
export function stateIn(stat: string): string {
  return stat.charAt(stat.lastIndexOf(')') + 2);
}

async function readPs(): Promise<ProcessTable> {
  const { execa } = await import('execa');
  const { stdout } = await execa('ps', ['-A', '-ww', '-o', 'pid=,ppid=,pgid=,stat=,lstart=,command='], {
    env: { LC_ALL: 'C' },
    timeout: 5000,
  });
  return parsePs(stdout);
}

/** For hosts without /proc. `lstart` is a date of five words; the process group stands in for the session, which not every `ps` tells. */
export function parsePs(output: string): ProcessTable {
  const commands = new Map<number, string[]>();
  const processes = output.split('\n').flatMap((line) => {
    const words = line.trim().split(/\s+/);
    if (words.length < 10) return [];
    const [pid, ppid, sid, state = '?'] = words;
    const command = words.slice(9);
    commands.set(Number(pid), command);
    return [
      {
        pid: Number(pid),
        ppid: Number(ppid),
        sid: Number(sid),
        state: state.charAt(0),
        startTime: words.slice(4, 9).join(' '),
        name: (command[0] ?? '').split('/').at(-1) ?? '',
      },
    ];
  });
  return tableOf(processes, ({ pid }) => commands.get(pid) ?? []);
}

/** The processes at one moment, by `performance.now()`. */
export interface Reading {
  readonly table: ProcessTable;
  readonly at: number;
}

const goodForMs = 20;

let latest: Reading | undefined;

let costMs = 0;

/**
 * A table read after that moment, by us or by another stop: forty stops side by side would otherwise spend their time reading the
 * same, and be too late to end a loop that sleeps. The dearer a reading, the longer it is good for.
 */
export async function readShared(after: number): Promise<Reading> {
  const now = performance.now();
  if (latest === undefined || latest.at <= after || now - latest.at > Math.max(goodForMs, 4 * costMs)) {
    latest = { table: await readProcessTable(), at: now };
    costMs = performance.now() - now;
  }
  return latest;
}
