import { type Operation, receiptId } from '../../domain/operation.ts';
import type { Verdict } from '../../domain/operation-record.ts';
import { forcedKills, type Progress } from '../../domain/progress.ts';
import { count, duration } from '../../language/duration.ts';
import { doneSummary, spoken, whyKilled } from '../../language/plan.ts';
import { selectionName } from '../../language/selection.ts';
import { clean, paint, type Style, sentence } from '../terminal/style.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';

const meaning =
  'TimedOutKilled: the agent was asked to stop, did not within its budget, and was killed; what it had not finished is lost. If this happens often, give it more time: drain p:a 45s, or supervisor.drain_timeout_secs in the team file.';

/** An operation that is over. */
export interface Over {
  readonly operation: Operation;
  readonly progress: Progress;
  readonly verdict: Verdict;
}

/** The last word: what had to be killed first, then what failed, then the sum. */
export function verdictLines({ operation, progress, verdict }: Over, style: Style): readonly string[] {
  const { request, plan, id, startedAt } = operation;
  const entries = [...progress.values()];
  const kills = forcedKills(progress);
  const { noun, done } = spoken[request.verb];
  const name = selectionName(request.selection);
  const what = isComplete({ operation, progress, verdict })
    ? `${done} ${name}`
    : `${noun} of ${name} is not complete`;
  const took = duration(verdict.at.getTime() - startedAt.getTime());
  const killed =
    kills.length === 0 ? '' : `${count(kills.length, 'agent')} had to be killed (TimedOutKilled). `;
  const sum = `${killed}${what}: ${doneSummary(plan, progress)}. ${id} took ${took}.`;
  return [
    '',
    ...kills.flatMap((kill) => {
      const agent = kill.step.id;
      const words = `${agent} had to be killed (TimedOutKilled): ${whyKilled(kill)} Receipt ${receiptId(operation, agent)}.`;
      return marked('✗', 'red', words);
    }),
    ...(kills.length === 0 ? [] : sentence(`  ${meaning}`, style, 2)),
    ...entries.flatMap(({ step, phase, stop, gone }) => [
      ...(stop?.result.survivors ?? []).flatMap(({ pid, state, command }) =>
        marked(
          '✗',
          'red',
          `${step.id} could not be ended: pid ${pid} (state ${state}) ${clean(command, 100)}`,
        ),
      ),
      ...(phase.kind === 'failed' ? marked('✗', 'red', `${step.id}: ${clean(phase.error, 500)}`) : []),
      ...(gone === undefined ? [] : marked('?', 'yellow', `${step.id}: ${clean(gone.why)}`)),
      ...(phase.kind === 'left' ? marked('!', 'yellow', `${step.id}: ${clean(phase.why)}`) : []),
    ]),
    ...(verdict.error === undefined ? [] : marked('✗', 'red', clean(verdict.error, 500))),
    ...sentence(sum, style),
  ];

  function marked(mark: string, as: 'red' | 'yellow', words: string): readonly string[] {
    const [first = '', ...rest] = sentence(`${mark} ${words}`, style, 2);
    return [first.replace(mark, paint(style, as, mark)), ...rest];
  }
}

/** What a script is to know of it. */
export function exitCodeOf(over: Over): ExitCode {
  if (!isComplete(over)) return exitCodes.failed;
  return forcedKills(over.progress).length > 0 ? exitCodes.killed : exitCodes.done;
}

function isComplete({ progress, verdict }: Over): boolean {
  const isOpen = ({ phase }: { readonly phase: { readonly kind: string } }) =>
    phase.kind === 'failed' || phase.kind === 'left';
  return verdict.error === undefined && ![...progress.values()].some(isOpen);
}
