import type { DrainBudget } from '../operations/drain-budgets.ts';
import { receiptId } from '../operations/ids.ts';
import type { LastStop } from '../operations/last-stop.ts';
import type { LoggedOperation } from '../operations/logged-operations.ts';
import { outlivedWords } from '../operations/outlived.ts';
import { outside, type WantedState } from '../operations/wanted.ts';
import type { Observation } from '../supervisor/supervisor.ts';
import type { AgentId } from '../team/team.ts';
import { adviceWords } from './advice-words.ts';
import type { Mute } from './alert.ts';
import type { BudgetAdvice } from './budget-advice.ts';
import type { CrashLoop } from './crash-loops.ts';
import type { Death } from './edge.ts';
import { outcomeOf } from './outcome.ts';
import { deathWords, type Wording } from './wording.ts';

/** All there is to say about why an agent runs or does not. */
export interface WhyFacts {
  readonly id: AgentId;
  readonly asOf: Date;
  readonly seen: Observation;
  readonly wanted?: WantedState;
  /** The newest that was to do something about it. */
  readonly lastOperation?: LoggedOperation;
  readonly lastStop?: LastStop;
  /** Of the operation that stopped it last. */
  readonly lastStopOperation?: LoggedOperation;
  readonly lastDeath?: Death;
  readonly loop?: CrashLoop;
  readonly mute?: Mute;
  /** Where somebody has asked for another budget than the team's. */
  readonly budget?: DrainBudget;
  readonly advice: BudgetAdvice;
  /** Of the team's files. */
  readonly warnings: readonly string[];
}

/** The chain of decisions, one sentence each, the present first. */
export function whySentences(facts: WhyFacts, wording: Wording): readonly string[] {
  const { id, mute, budget, advice, warnings } = facts;
  const { person, moment, lasting, quoted } = wording;
  const sentences = [
    stateSentence(facts, wording),
    wantedSentence(facts, wording),
    operationSentence(facts, wording),
    endSentence(facts, wording),
    receiptSentence(facts, wording),
    loopSentence(facts, wording),
    mute && `Alerts about it are muted by ${person(mute.by)} until ${moment(mute.until)}.`,
    budget &&
      `It gets ${lasting(budget.budgetMs)} to stop, by ${person(budget.by)} at ${moment(budget.at)}, whatever the team’s files say.`,
    adviceWords(advice, wording),
    ...warnings.filter((warning) => warning.includes(id)).map((warning) => `Warning: ${quoted(warning)}`),
  ];
  return sentences.filter((sentence) => sentence !== undefined);
}

function stateSentence({ id, seen, asOf }: WhyFacts, { moment, lasting, quoted }: Wording): string {
  switch (seen.state) {
    case 'running':
      return `${id} runs since ${moment(seen.since)}, for ${lasting(asOf.getTime() - seen.since.getTime())}.${outlivedSentence(id, seen)}`;
    case 'unknown':
      return `Whether ${id} runs is unknown: ${quoted(seen.reason)}.`;
    case 'stopped':
      if (seen.restarting && seen.nextStartAt !== undefined && seen.nextStartAt > asOf)
        return `${id} is down, and its restart loop starts it again in ${lasting(seen.nextStartAt.getTime() - asOf.getTime())}; /team up ${id} starts it now.`;
      if (seen.restarting) return `${id} is down for a moment: its restart loop is about to start it again.`;
      if (seen.gaveUp !== undefined)
        return `${id} is stopped, and its restart loop has given up: ${quoted(seen.gaveUp)}.`;
      return `${id} is stopped.`;
  }
}

function outlivedSentence(id: AgentId, seen: Observation): string {
  const words = outlivedWords(seen);
  if (words === undefined) return '';
  return ` Its ${words}: nobody can see what it prints or type to it. /team restart ${id} ends it and starts it anew.`;
}

function wantedSentence({ id, seen, wanted }: WhyFacts, { person, moment }: Wording): string {
  const isStopped = seen.state === 'stopped' && !seen.restarting;
  if (wanted?.state === 'down') {
    const until = isStopped ? ` It stays down until somebody asks for /team up ${id}.` : '';
    return `It is wanted down, by ${person(wanted.by)} since ${moment(wanted.at)}.${until}`;
  }
  const start = isStopped ? ` Nothing starts it unasked: /team up ${id} does.` : '';
  if (wanted === undefined) return `It is wanted up: nobody has asked Muster to keep it down.${start}`;
  const by =
    wanted.by === outside
      ? `since it was started outside Muster at ${moment(wanted.at)}`
      : `by ${person(wanted.by)} since ${moment(wanted.at)}`;
  return `It is wanted up, ${by}.${start}`;
}

function operationSentence({ id, lastOperation }: WhyFacts, wording: Wording): string {
  if (lastOperation === undefined) return 'No operation of Muster has touched it.';
  const { operation } = lastOperation;
  const { request, startedAt } = operation;
  const order = `${wording.quoted(request.text)} by ${wording.person(request.askedBy)} at ${wording.moment(startedAt)} (${operation.id})`;
  return `The last operation on it was ${order}: ${outcomeOf(lastOperation, id, wording)}.`;
}

function endSentence({ lastDeath }: WhyFacts, wording: Wording): string | undefined {
  if (lastDeath === undefined) return undefined;
  return `It last ended unasked at ${wording.moment(lastDeath.at)}: it ${deathWords(lastDeath, wording)}.`;
}

function receiptSentence(
  { id, lastStop, lastStopOperation }: WhyFacts,
  { lasting, moment, person }: Wording,
): string | undefined {
  if (lastStop?.how !== 'TimedOutKilled' || !('budgetMs' in lastStop.result)) return undefined;
  const budget = `it did not stop within its ${lasting(lastStop.result.budgetMs)} budget`;
  const order = lastStopOperation && ` Asked by ${person(lastStopOperation.operation.request.askedBy)}`;
  const receipt = lastStopOperation && `, receipt ${receiptId(lastStopOperation.operation, id)}.`;
  const left = lastStopOperation && leftBehind(id, lastStopOperation);
  return `At ${moment(lastStop.at)} it had to be killed (TimedOutKilled): ${budget}.${order ?? ''}${receipt ?? ''}${left ?? ''}`;
}

function leftBehind(id: AgentId, { events }: LoggedOperation): string | undefined {
  const examined = events.findLast((event) => event.id === id && event.kind === 'examined');
  if (examined?.kind !== 'examined') return undefined;
  const { uncommitted, isLocked } = examined.workTree;
  if (uncommitted === 0 && !isLocked) return undefined;
  const files = `${uncommitted} uncommitted ${uncommitted === 1 ? 'file' : 'files'}`;
  return ` Where it worked it left ${files}${isLocked ? ' and a .git/index.lock' : ''}.`;
}

function loopSentence({ loop }: WhyFacts, { moment }: Wording): string | undefined {
  return loop && `It is in a crash loop: it died ${loop.deaths} times since ${moment(loop.since)}.`;
}
