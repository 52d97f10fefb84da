import { forcedKills } from '../../../domain/progress.ts';
import { closingReply } from '../closing.ts';
import { alertCard } from '../forced-kills.ts';
import { receiptCard } from '../receipt.ts';
import type { SampleCards } from './sample-card.ts';
import {
  advised,
  drain,
  drained,
  gracefulResult,
  hostName,
  killedResult,
  now,
  progressOf,
  reload,
  reloadOver,
  slowResult,
} from './sample-operations.ts';

const at = now;

/** The alert about what had to be killed. */
export function killAlertCards(): SampleCards {
  const kills = forcedKills(reloadOver);
  return {
    'alert-one-kill': alertCard({
      operation: reload,
      kills: advised(kills, [killedResult]),
      hostName,
      shownIn: 'C0OPS00000',
    }),
    'alert-advice': alertCard({
      operation: reload,
      kills: advised(kills, [killedResult, slowResult, killedResult, killedResult, killedResult]),
      hostName,
      shownIn: 'C0OPS00000',
    }),
  };
}

/** What stands in threads when an operation is over. */
export function replyCards(): SampleCards {
  const kills = forcedKills(reloadOver);
  const [kill] = kills;
  if (kill === undefined) throw new Error('the reload was to kill');
  const survived = {
    ...kill,
    stop: {
      at,
      result: {
        ...killedResult,
        survivors: [
          { pid: 812, state: 'D', command: 'node agent.js' },
          { pid: 901, state: 'S', command: 'sudo backup' },
        ],
        complaints: [
          'pid 901 is not signalled: it belongs to user 0, and the tmux server at /run/muster-agents/tmux to user 998',
        ],
        strays: [{ pid: 99, state: 'S', command: 'git gc' }],
      },
    },
  };
  return {
    'closing-alert': closingReply({
      operation: reload,
      progress: reloadOver,
      finishedAt: now,
      offered: advised(kills, [killedResult]),
    }),
    'closing-killed': closingReply({ operation: reload, progress: reloadOver, finishedAt: now }),
    'closing-long': closingReply({
      operation: drain,
      progress: progressOf(drain, drained('shop:pay', gracefulResult), drained('shop:cart', gracefulResult)),
      finishedAt: now,
    }),
    'closing-untold': closingReply({
      operation: reload,
      progress: reloadOver,
      finishedAt: now,
      untold: { kind: 'refused', words: 'not_in_channel' },
    }),
    receipt: receiptCard({ id: 'R-7k2m9x', operation: reload, kill, lines: 0, before: [] }),
    'receipt-with-lines': receiptCard({
      id: 'R-7k2m9x',
      operation: reload,
      kill,
      lines: 2,
      before: [slowResult, killedResult],
    }),
    'receipt-survivor': receiptCard({
      id: 'R-7k2m9x',
      operation: reload,
      kill: survived,
      lines: 15,
      before: [],
    }),
  };
}
