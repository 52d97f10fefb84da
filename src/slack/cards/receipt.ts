import type { Operation } from '../../domain/operation.ts';
import type { ForcedKill } from '../../domain/progress.ts';
import type { DrainResult, WorkTree } from '../../domain/stop-record.ts';
import { count, duration, exactly } from '../../language/duration.ts';
import { type MessageContent, preformatted, section, smallPrint, timeOfDay } from '../markup/blocks.ts';
import { escaped, mention } from '../markup/mrkdwn.ts';
import { forcedKillSentence } from './plan-words.ts';

export interface Receipt {
  readonly id: string;
  readonly operation: Operation;
  readonly kill: ForcedKill;
  /** How many of the last lines of its pane; only the alert channel may see any. */
  readonly lines: number;
  /** How its drains before this one went, newest first. */
  readonly before: readonly DrainResult[];
}

const mostBefore = 10;

const mostComplaints = 5;

/** The record of one forced kill. */
export function receiptCard({ id, operation, kill, lines, before }: Receipt): MessageContent {
  const { request } = operation;
  const { stop } = kill;
  const { signals, survivors, strays, lastLines, tookMs, budgetMs, complaints = [] } = stop.result;
  const sentence = forcedKillSentence(kill);
  const facts = [
    `Ordered by ${mention(request.askedBy)} with ${escaped(request.text, 200)} (${operation.id}), stopped at ${timeOfDay(stop.at)}.`,
    `Budget ${duration(budgetMs)}, took ${exactly(tookMs)}. Sent: ${signals.map(({ signal, atMs }) => `${signal === 'C-c' ? 'Ctrl-C' : signal} after ${exactly(atMs)}`).join(', ') || 'nothing that is on record'}.`,
    ...survivors.map(
      ({ pid, state, command }) =>
        `:warning: Could not be ended: pid ${pid} (state ${state}${state === 'D' ? ', waits for a disk or a network, and ends when that answers' : ''}) ${escaped(command, 100)}. Nothing is started beside it.`,
    ),
    ...(survivors.length > 0 ? complaints.slice(0, mostComplaints) : []).map(
      (complaint) => `:warning: ${escaped(complaint, 200)}.`,
    ),
    ...strays.map(
      ({ pid, command }) =>
        `Left alone: pid ${pid} has the agent's environment, but is no part of it: ${escaped(command, 100)}. If nobody needs it: \`kill ${pid}\` on the host.`,
    ),
    ...workTreeWords(stop.workTree),
    ...beforeWords(before),
  ];
  const shown = lines === 0 ? [] : lastLines.slice(-lines);
  return {
    text: sentence,
    blocks: [
      section([sentence, ...facts].join('\n')),
      ...(shown.length > 0 ? [smallPrint('Its last lines:'), preformatted(shown)] : []),
      smallPrint(id),
    ],
  };
}

/** `Its 4 drains before: 3 Graceful, in up to 2.3 s; 1 TimedOutKilled.` */
function beforeWords(before: readonly DrainResult[]): readonly string[] {
  const recent = before.slice(0, mostBefore);
  if (recent.length === 0) return ['It is the first drain of it on record.'];
  const graceful = recent.filter(({ outcome }) => outcome === 'Graceful').map(({ tookMs }) => tookMs);
  const killed = recent.length - graceful.length;
  const words = [
    ...(graceful.length > 0
      ? [`${graceful.length} \`Graceful\`, in up to ${duration(Math.max(...graceful))}`]
      : []),
    ...(killed > 0 ? [`${killed} \`TimedOutKilled\``] : []),
  ];
  return [`Its ${count(recent.length, 'drain')} before: ${words.join('; ')}.`];
}

function workTreeWords(workTree: WorkTree | undefined): readonly string[] {
  if (workTree === undefined) return [];
  const { uncommitted, isLocked } = workTree;
  const files = uncommitted === 0 ? 'nothing uncommitted' : count(uncommitted, 'uncommitted file');
  const lock = isLocked ? ', and `.git/index.lock`: remove it if no git is at work there' : '';
  return [`Where it worked, git has ${files}${lock}.`];
}
