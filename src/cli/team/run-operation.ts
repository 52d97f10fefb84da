import { differences, shownBy } from '../../domain/confirmation.ts';
import { newId, type Request } from '../../domain/operation.ts';
import type { Plan } from '../../domain/plan.ts';
import type { Beginning, Proposal } from '../../domain/proposal.ts';
import { RefusedError } from '../../domain/refusal.ts';
import { sentence } from '../terminal/style.ts';
import type { Desk } from './context.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { followOperation } from './follow-operation.ts';
import {
  changedLines,
  dryRunLines,
  nothingToDoLines,
  planJson,
  planLines,
  questionLines,
} from './plan-lines.ts';
import type { OperationOrder } from './read-verb.ts';
import { settleLeftovers } from './recovery.ts';

/** Begins, asks where one has to, and follows what was begun. Throws what kept it from beginning; then nothing was touched. */
export async function operate(order: OperationOrder, delivery: string, desk: Desk): Promise<ExitCode> {
  const request: Request = {
    verb: order.verb,
    selection: order.selection,
    ...(order.budgetMs !== undefined && { budgetMs: order.budgetMs }),
    force: order.force,
    askedBy: desk.person,
    text: desk.text,
    delivery,
  };
  if (order.dryRun) return await dryRun(request, order.json, desk);
  if (!(await settleLeftovers(order.selection, desk))) return exitCodes.interrupted;
  const id = newId('O');
  let shown: Proposal | undefined;
  for (;;) {
    const begun = await desk.site.begin({ id, request, ...(shown && { planHash: shown.hash }) });
    if (begun.kind !== 'ask' && begun.kind !== 'changed') return await carryOn(begun, desk);
    const { proposal } = begun;
    if (shown !== undefined && !order.yes)
      desk.print(changedLines(changedSince(shown, proposal), desk.style));
    if (!order.yes && !(await agrees(proposal, desk))) {
      desk.print(['Nothing was touched.']);
      return exitCodes.failed;
    }
    shown = proposal;
  }
}

async function dryRun(request: Request, json: boolean, { site, print, style }: Desk): Promise<ExitCode> {
  const proposal = await site.plan(request);
  print(json ? [JSON.stringify(planJson(proposal), null, 2)] : dryRunLines(proposal, style));
  return exitCodes.done;
}

function changedSince(shown: Proposal, now: Proposal) {
  const shownOf = ({ plan, observed }: Proposal) => shownBy(plan, new Map(observed));
  return differences(shownOf(shown), shownOf(now));
}

async function carryOn(
  begun: Exclude<Beginning, { kind: 'ask' | 'changed' }>,
  desk: Desk,
): Promise<ExitCode> {
  switch (begun.kind) {
    case 'busy':
      throw new RefusedError({ kind: 'busy', operation: begun.with });
    case 'nothing-to-do':
      return nothingToDo(begun, desk);
    case 'begun': {
      const { operation, observed } = begun;
      desk.print(planLines(operation, observed, desk.style));
      await desk.site.go(operation.id);
      const code = await followOperation({ operation, events: [] }, desk);
      return code === exitCodes.done && leavesUnknown(operation.plan, observed) ? exitCodes.failed : code;
    }
    case 'too-late':
      desk.print(['It took too long to begin. Nothing was touched; ask again.']);
      return exitCodes.failed;
  }
}

function nothingToDo(
  { proposal, unsettled }: Extract<Beginning, { kind: 'nothing-to-do' }>,
  { print, remark, style }: Desk,
): ExitCode {
  print(nothingToDoLines(proposal, style));
  if (unsettled !== undefined) remark([`state/applied.json could not be brought up to date: ${unsettled}`]);
  const isDone = unsettled === undefined && !leavesUnknown(proposal.plan, proposal.observed);
  return isDone ? exitCodes.done : exitCodes.failed;
}

/** What could not be seen was not brought to where it should be. */
function leavesUnknown({ steps }: Plan, observed: Proposal['observed']): boolean {
  const unknown = new Set(observed.flatMap(([id, seen]) => (seen.state === 'unknown' ? [id] : [])));
  return steps.some(({ id, action }) => action === 'leave' && unknown.has(id));
}

/** What needs no agreement has it. */
async function agrees(proposal: Proposal, { site, ask, print, remark, style }: Desk): Promise<boolean> {
  const { reason } = proposal;
  if (reason === undefined) return true;
  const { host } = await site.hello();
  print(questionLines(proposal, reason, host, style));
  if (ask === undefined) {
    remark(sentence('Nobody is here to answer: this is no terminal. --yes agrees to it beforehand.', style));
    return false;
  }
  return /^y(es)?$/i.test((await ask('Do this? [y/N] ')).trim());
}
