import type { Operation } from '../../domain/operation.ts';
import { forcedKills, type Progress } from '../../domain/progress.ts';
import { count, duration } from '../../language/duration.ts';
import { doneSummary, planSummary, spoken } from '../../language/plan.ts';
import { type MessageContent, section, smallPrint } from '../markup/blocks.ts';
import { escaped } from '../markup/mrkdwn.ts';
import { drainButtons } from './drain-buttons.ts';
import { boldSelection, forcedKillSentence, orderedBy } from './plan-words.ts';
import { planBlock } from './tasks.ts';

export interface OperationCard {
  readonly operation: Operation;
  readonly progress: Progress;
  readonly hostName: string;
  readonly now: Date;
  /** Absent while it runs. `error`: what went wrong after the last step. */
  readonly finished?: { readonly at: Date; readonly error?: string };
  /** Muster is about to end; the next process goes on. */
  readonly pausing?: boolean;
}

/** The one message that lives through an operation: its plan, how far each agent is, and in the end the verdict. */
export function operationCard({
  operation,
  progress,
  hostName,
  now,
  finished,
  pausing = false,
}: OperationCard): MessageContent {
  const { request, id, startedAt } = operation;
  const killed = forcedKills(progress).map((kill) => `:skull: ${forcedKillSentence(kill)}`);
  const first = finished === undefined ? opening(operation) : verdict(operation, progress);
  const last = finished?.error === undefined ? [] : [`:x: ${escaped(finished.error, 300)}`];
  const note = operation.plan.note === undefined ? [] : [escaped(operation.plan.note, 300)];
  const pause = pausing && finished === undefined ? [pausingSentence] : [];
  // A long list is cut at its end: what concerns the whole stands before it.
  const lines = [first, ...last, ...pause, ...note, ...killed, ...failures(progress), ...unsettled(progress)];
  const took =
    finished === undefined ? '' : ` · took ${duration(finished.at.getTime() - startedAt.getTime())}`;
  return {
    text: lines.join(' '),
    blocks: [
      section(lines.join('\n')),
      planBlock(operation, [...progress.values()], now, finished !== undefined),
      ...(finished === undefined && !pausing ? drainButtons(id, progress, now) : []),
      smallPrint(`${escaped(hostName)} · ${escaped(request.text, 200)} · ${id}${took}`),
    ],
  };
}

const pausingSentence =
  ':hourglass_flowing_sand: Muster is being restarted; it goes on with this when it is back. Agents keep the time they were given.';

function opening({ request, plan }: Operation): string {
  return `${spoken[request.verb].doing} ${boldSelection(request)}: ${planSummary(plan)}. ${orderedBy(request)}.`;
}

/** What has to be looked at comes first. */
function verdict({ request, plan }: Operation, progress: Progress): string {
  const entries = [...progress.values()];
  const failed = entries.filter(({ phase }) => phase.kind === 'failed' || phase.kind === 'left').length;
  const killed = forcedKills(progress).length;
  const { noun, done } = spoken[request.verb];
  const what =
    failed > 0 ? `${noun} of ${boldSelection(request)} is not complete` : `${done} ${boldSelection(request)}`;
  const sentence = `${what}: ${doneSummary(plan, progress)}. ${orderedBy(request)}.`;
  const isUnknown = entries.some(({ gone }) => gone !== undefined);
  const kills = killed > 0 ? `*${count(killed, 'agent')} had to be killed (TimedOutKilled).* ` : '';
  const sign = killed + failed > 0 ? ':warning:' : isUnknown ? ':grey_question:' : ':white_check_mark:';
  return `${sign} ${kills}${sentence}`;
}

function failures(progress: Progress): string[] {
  return [...progress.values()].flatMap(({ step, phase }) =>
    phase.kind === 'failed' ? [`:x: *${escaped(step.id)}*: ${escaped(phase.error, 300)}`] : [],
  );
}

/** What cannot be known, or was not done, because Muster was not there. */
function unsettled(progress: Progress): string[] {
  return [...progress.values()].flatMap(({ step, phase, gone }) => [
    ...(gone === undefined ? [] : [`:grey_question: *${escaped(step.id)}*: ${escaped(gone.why, 300)}`]),
    ...(phase.kind === 'left' ? [`:warning: *${escaped(step.id)}*: ${escaped(phase.why, 300)}`] : []),
  ]);
}
