import type { Operation } from '../../../domain/operation.ts';
import type { Progress } from '../../../domain/progress.ts';
import { operationCard } from '../operation.ts';
import type { SampleCards } from './sample-card.ts';
import {
  down,
  drain,
  drained,
  draining,
  gracefulResult,
  hostName,
  killedResult,
  now,
  progressOf,
  record,
  reload,
  reloadFailed,
  reloadOver,
  started,
  up,
} from './sample-operations.ts';

const at = now;

export const card = (of: Operation, progress: Progress, over = false, error?: string) =>
  operationCard({
    operation: of,
    progress,
    hostName,
    now,
    ...(over && { finished: { at: now, ...(error && { error }) } }),
  });

/** The message of an operation, from its plan to its verdict. */
export function operationCards(): SampleCards {
  return {
    'down-over': card(
      down,
      progressOf(
        down,
        { kind: 'killed', id: 'shop:pay', at, result: { ...record, wasRunning: true } },
        { kind: 'killed', id: 'shop:cart', at, result: { ...record, wasRunning: false } },
      ),
      true,
    ),
    'down-running': card(down, progressOf(down, { kind: 'killing', id: 'shop:pay', at })),
    'drain-over': card(
      drain,
      progressOf(drain, drained('shop:pay', gracefulResult), drained('shop:cart', gracefulResult)),
      true,
    ),
    'drain-over-killed': card(
      drain,
      progressOf(drain, drained('shop:pay', killedResult), drained('shop:cart', gracefulResult)),
      true,
    ),
    'drain-running': card(drain, progressOf(drain, draining('shop:pay'), draining('shop:cart'))),
    'drain-pausing': operationCard({
      operation: drain,
      progress: progressOf(drain, draining('shop:pay')),
      hostName,
      now,
      pausing: true,
    }),
    'drain-cut-short': card(
      drain,
      progressOf(drain, draining('shop:pay'), draining('shop:cart'), {
        kind: 'cut-short',
        id: 'shop:pay',
        at,
      }),
    ),
    'drain-over-cut-short': card(
      drain,
      progressOf(
        drain,
        drained('shop:pay', { ...killedResult, tookMs: 3_200 }),
        drained('shop:cart', gracefulResult),
      ),
      true,
    ),
    'drain-over-unknown': card(
      drain,
      progressOf(drain, drained('shop:pay', gracefulResult), {
        kind: 'gone',
        id: 'shop:cart',
        at,
        why: 'it ended while Muster was away, and nobody can tell whether in time',
      }),
      true,
    ),
    'drain-over-left': card(
      drain,
      progressOf(drain, drained('shop:pay', gracefulResult), {
        kind: 'left',
        id: 'shop:cart',
        at,
        why: 'nothing was done to it: Muster ended before its turn, and nothing is run late; ask again',
      }),
      true,
    ),
    'reload-begun': card(reload, progressOf(reload)),
    'reload-midway': card(
      reload,
      progressOf(reload, drained('shop:search', gracefulResult), draining('shop:pay')),
    ),
    'reload-starting': card(
      reload,
      progressOf(reload, drained('shop:pay', killedResult), { kind: 'starting', id: 'shop:pay', at }),
    ),
    'reload-over-killed': card(reload, reloadOver, true),
    'reload-over-failed': card(reload, reloadFailed, true),
    'reload-over-error': card(reload, reloadOver, true, 'state/applied.json cannot be written: EACCES'),
    'up-over': card(up, progressOf(up, started('shop:pay')), true),
  };
}
