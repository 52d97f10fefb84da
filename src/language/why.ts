import type { AgentId } from '../domain/agent.ts';
import { outside } from '../domain/desired-state.ts';
import type { Observation } from '../domain/observation.ts';
import { receiptId } from '../domain/operation.ts';
import type { LoggedOperation } from '../domain/operation-record.ts';
import type { WhyFacts } from '../domain/why.ts';
import { adviceWords } from './advice.ts';
import { outcomeOf } from './outcome.ts';
import { deathWords, type Wording } from './phrases.ts';
import { outlivedWords } from './status.ts';

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
