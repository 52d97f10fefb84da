import { type AskReason, askReason, differences, type Shown, shownBy } from '../../domain/confirmation.ts';
import { newId, type Operation, type Request } from '../../domain/operation.ts';
import { activeSteps } from '../../domain/plan.ts';
import { conductNothing } from '../../operations/conduct.ts';
import { noteIntentions } from '../../operations/note-desired-state.ts';
import { type Planned, planRequest } from '../../operations/plan/make-plan.ts';
import { sentence } from '../terminal/style.ts';
import type { Desk } from './context.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { carryOut } from './follow-operation.ts';
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

/** What holds a project, and since when. */
type Begun = Pick<Operation, 'id' | 'startedAt'>;

/** Something has to be agreed to before it is done. */
interface Open {
  readonly planned: Planned;
  readonly reason: AskReason;
  readonly shown: Shown;
}

/** Plans, asks where one has to, and carries out what was planned. Throws what kept it from beginning; then nothing was touched. */
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
  let agreed: Shown | undefined;
  for (;;) {
    const isAgreed = (shown: Shown) =>
      order.yes || (agreed !== undefined && differences(agreed, shown).length === 0);
    const tried = await attempt(request, desk, isAgreed);
    if (typeof tried === 'number') return tried;
    if (agreed !== undefined) desk.print(changedLines(differences(agreed, tried.shown), desk.style));
    if (!(await agrees(tried, desk))) {
      desk.print(['Nothing was touched.']);
      return exitCodes.failed;
    }
    agreed = tried.shown;
  }
}

async function dryRun(request: Request, json: boolean, desk: Desk): Promise<ExitCode> {
  const planned = await planRequest(desk.host, request);
  desk.print(
    json ? [JSON.stringify(planJson(request, planned.plan), null, 2)] : dryRunLines(planned, desk.style),
  );
  return exitCodes.done;
}

/** Holds the projects from before the plan is made until nothing is touched any more. */
async function attempt(
  request: Request,
  desk: Desk,
  isAgreed: (shown: Shown) => boolean,
): Promise<ExitCode | Open> {
  const begun = { id: newId('O'), startedAt: new Date() };
  const { selection, text, askedBy } = request;
  const holder = { id: begun.id, text, askedBy, since: begun.startedAt };
  const release = await desk.locks.take(selection, holder);
  try {
    const planned = await planRequest(desk.host, request);
    const reason = askReason(request, planned.plan);
    const shown = shownBy(planned.plan, planned.situation.observed);
    if (reason !== undefined && !isAgreed(shown)) return { planned, reason, shown };
    return await run(begun, planned, desk);
  } finally {
    await release();
  }
}

async function run(begun: Begun, planned: Planned, desk: Desk): Promise<ExitCode> {
  const { plan, situation } = planned;
  if (activeSteps(plan).length === 0) return await nothingToDo(planned, desk);
  const operation = { ...begun, request: situation.request, plan };
  desk.records.operations.begin(operation);
  noteIntentions(planned, desk.host.wanted);
  desk.print(planLines(operation, planned, desk.style));
  const code = await carryOut({ operation, situation }, desk);
  return code === exitCodes.done && leavesUnknown(planned) ? exitCodes.failed : code;
}

async function nothingToDo(planned: Planned, desk: Desk): Promise<ExitCode> {
  noteIntentions(planned, desk.host.wanted);
  desk.print(nothingToDoLines(planned, desk.style));
  const error = await conductNothing(planned);
  if (error !== undefined) desk.remark([`state/applied.json could not be brought up to date: ${error}`]);
  return error !== undefined || leavesUnknown(planned) ? exitCodes.failed : exitCodes.done;
}

/** What could not be seen was not brought to where it should be. */
function leavesUnknown({ plan, situation }: Planned): boolean {
  return plan.steps.some(
    ({ id, action }) => action === 'leave' && situation.observed.get(id)?.state === 'unknown',
  );
}

async function agrees({ planned, reason }: Open, desk: Desk): Promise<boolean> {
  desk.print(questionLines(planned, reason, desk.host.name, desk.style));
  if (desk.ask === undefined) {
    desk.remark(
      sentence('Nobody is here to answer: this is no terminal. --yes agrees to it beforehand.', desk.style),
    );
    return false;
  }
  return /^y(es)?$/i.test((await desk.ask('Do this? [y/N] ')).trim());
}
