import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import process from 'node:process';
import timers from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { until } from '../until.ts';

/** What a process that was started with this module counts when it is asked. */
export interface InsideReport {
  readonly number: number;
  /** After a full collection, in bytes. */
  readonly heap: number;
  /** What keeps the process busy, by kind: timers, sockets, pipes. */
  readonly resources: Readonly<Record<string, number>>;
}

interface InsideOrder {
  readonly number: number;
  /** How far the process's clock goes wrong, in milliseconds. */
  readonly clockMs: number;
}

export interface Inside {
  /** The option by which a process is started with this module. */
  readonly option: string;
  /** Lets the process count; its clock goes wrong by `clockMs` from then on. */
  report(pid: number, clockMs?: number): Promise<InsideReport>;
}

/**
 * Talks to a process through files in `directory`. Its messages to Slack keep no pace: the stand-in asks for none. `longestWaitMs`: nor does
 * it wait longer than that for anything, such as the next try at what Slack did not take.
 */
export function insideOf(directory: string, longestWaitMs?: number): Inside {
  const url = new URL(import.meta.url);
  const waits: Record<string, string> =
    longestWaitMs === undefined ? {} : { longestWaitMs: String(longestWaitMs) };
  url.search = new URLSearchParams({ directory, ...waits }).toString();
  let order: InsideOrder = { number: 0, clockMs: 0 };
  return {
    option: `--import=${url.href}`,
    report(pid, clockMs = order.clockMs) {
      order = { number: order.number + 1, clockMs };
      replace(join(directory, 'inside-order.json'), order);
      process.kill(pid, 'SIGUSR2');
      return until(`process ${pid} has counted`, () => {
        const report = read<InsideReport>(join(directory, 'inside-report.json'));
        return report?.number === order.number ? report : undefined;
      });
    },
  };
}

const { searchParams } = new URL(import.meta.url);
const searched = searchParams.get('directory');
if (searched !== null)
  follow(searched, Number(searchParams.get('longestWaitMs') ?? Number.POSITIVE_INFINITY));

function follow(directory: string, longestWaitMs: number): void {
  const orderFile = join(directory, 'inside-order.json');
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const shift = shiftableClock();
  withoutSlacksPace(longestWaitMs);
  shift(read<InsideOrder>(orderFile)?.clockMs ?? 0);
  process.on('SIGUSR2', () => {
    const order = read<InsideOrder>(orderFile);
    if (order === undefined) return;
    shift(order.clockMs);
    // What is freed may free more.
    collect();
    setImmediate(() => count(order));
  });

  function count(order: InsideOrder): void {
    collect();
    const resources: Record<string, number> = {};
    for (const kind of process.getActiveResourcesInfo()) resources[kind] = (resources[kind] ?? 0) + 1;
    const report: InsideReport = { number: order.number, heap: process.memoryUsage().heapUsed, resources };
    replace(join(directory, 'inside-report.json'), report);
  }
}

/** The clock that a host may set; timers and `performance` go on as they do then. */
function shiftableClock(): (byMs: number) => void {
  const RealDate = Date;
  let shiftMs = 0;
  const now = () => RealDate.now() + shiftMs;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args: [], newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    apply: () => new RealDate(now()).toString(),
    get: (target, name, receiver) => (name === 'now' ? now : Reflect.get(target, name, receiver)),
  });
  return (byMs) => {
    shiftMs = byMs;
  };
}

/** Between two messages the writer waits for more than a second, as Slack asks it to. */
function withoutSlacksPace(longestWaitMs: number): void {
  const { setTimeout: wait } = timers;
  timers.setTimeout = ((ms = 1, ...rest) =>
    wait(ms === 1200 || ms === 1100 ? 5 : Math.min(ms, longestWaitMs), ...rest)) as typeof wait;
  syncBuiltinESMExports();
}

function replace(path: string, content: unknown): void {
  writeFileSync(`${path}.new`, JSON.stringify(content));
  renameSync(`${path}.new`, path);
}

function read<Content>(path: string): Content | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Content;
  } catch {
    return undefined;
  }
}
