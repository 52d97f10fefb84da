import type { AgentId } from '../domain/agent.ts';
import { receiptId } from '../domain/operation.ts';
import type { LoggedOperation } from '../domain/operation-record.ts';
import { activeSteps } from '../domain/plan.ts';
import type { Death } from '../domain/state-change.ts';
import { outcomeOf } from './outcome.ts';
import { deathWords, type Wording } from './phrases.ts';
import { selectionName } from './selection.ts';

/** One line of what happened, and what is below it. */
export interface HistoryEntry {
  readonly at: Date;
  readonly sentence: string;
  /** One for each agent that the operation touched. */
  readonly details: readonly string[];
}

/** Operations, and what happened unasked between them; newest first. */
export function historyOf(
  operations: readonly LoggedOperation[],
  deaths: readonly Death[],
  wording: Wording,
): readonly HistoryEntry[] {
  const entries = [
    ...operations.map((operation) => operationEntry(operation, wording)),
    ...deaths.map((death) => ({
      at: death.at,
      sentence: `${death.id} ${deathWords(death, wording)}.`,
      details: [],
    })),
  ];
  return entries.sort((one, other) => other.at.getTime() - one.at.getTime());
}

/** The timeline of a post-mortem: oldest first. */
export function historyMarkdown(title: string, entries: readonly HistoryEntry[], wording: Wording): string {
  const rows = [...entries]
    .reverse()
    .flatMap(({ at, sentence, details }) => [
      `- **${wording.moment(at)}** ${sentence}`,
      ...details.map((detail) => `  - ${detail}`),
    ]);
  return [`# ${title}`, '', ...(rows.length === 0 ? ['Nothing happened.'] : rows), ''].join('\n');
}

function operationEntry(logged: LoggedOperation, wording: Wording): HistoryEntry {
  const { request, plan, startedAt, id } = logged.operation;
  const order = `${wording.quoted(request.text)} (${selectionName(request.selection)}) by ${wording.person(request.askedBy)}`;
  const second =
    request.confirmedBy === undefined ? '' : `, confirmed by ${wording.person(request.confirmedBy)}`;
  return {
    at: startedAt,
    sentence: `${order}${second}: ${verdictWords(logged, wording)} (${id})`,
    details: activeSteps(plan).map(
      (step) => `${step.id}: ${outcomeOf(logged, step.id, wording)}${receiptWords(logged, step.id)}`,
    ),
  };
}

function receiptWords({ operation, events }: LoggedOperation, agent: AgentId): string {
  const killed = events.some(
    (event) => event.id === agent && event.kind === 'drained' && event.result.outcome === 'TimedOutKilled',
  );
  return killed ? `; receipt ${receiptId(operation, agent)}` : '';
}

function verdictWords({ operation, events, verdict }: LoggedOperation, { lasting, quoted }: Wording): string {
  if (verdict === undefined) return 'not over';
  const { startedAt } = operation;
  const count = (is: (event: LoggedOperation['events'][number]) => boolean) => events.filter(is).length;
  const counts = [
    [count((event) => event.kind === 'drained' && event.result.outcome === 'Graceful'), 'drained politely'],
    [
      count((event) => event.kind === 'drained' && event.result.outcome === 'TimedOutKilled'),
      'had to be killed (TimedOutKilled)',
    ],
    [count((event) => event.kind === 'killed' && event.result.wasRunning), 'killed as asked'],
    [count(({ kind }) => kind === 'started'), 'started'],
    [count(({ kind }) => kind === 'gone'), 'gone, how is unknown'],
    [count(({ kind }) => kind === 'failed'), 'failed'],
    [count(({ kind }) => kind === 'left'), 'left alone'],
  ] as const;
  const done = counts.filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`);
  const took = `in ${lasting(verdict.at.getTime() - startedAt.getTime())}`;
  const words = [
    ...(verdict.cancelled === undefined ? [] : [`cancelled: ${quoted(verdict.cancelled)}`]),
    ...(done.length === 0 ? [] : [`${done.join(', ')} ${took}`]),
    ...(verdict.error === undefined ? [] : [quoted(verdict.error)]),
  ];
  return words.join('; ') || 'nothing to do';
}
