import type { LoggedOperation } from '../../domain/operation-record.ts';
import { meets, projectOf, type Selection } from '../../domain/selection.ts';
import { goOnFrom, holdLeft, ofDeadProcesses } from '../../operations/recovery.ts';
import { clean, moment, sentence } from '../terminal/style.ts';
import type { Desk } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { troubleWords } from './explain.ts';
import { carryOut } from './follow-operation.ts';

/**
 * Goes on with what Musters that died have left on the same projects, before anything new. False: the person has paused it.
 * Throws `RefusedError` where another process of ours is at work.
 */
export async function settleLeftovers(selection: Selection, desk: Desk): Promise<boolean> {
  const { locks, lives, records } = desk;
  const { operations } = records;
  for (const left of await ofDeadProcesses(operations.unfinished(), lives)) {
    if (!meets(projectOf(left.operation.request.selection), projectOf(selection))) continue;
    const held = await holdLeft(left, { locks, operations, lives });
    if (held === undefined) continue;
    try {
      if (!(await settle(held.logged, desk))) return false;
    } finally {
      await held.release();
    }
  }
  return true;
}

async function settle(logged: LoggedOperation, desk: Desk): Promise<boolean> {
  const { host, self, style, records } = desk;
  const { operation, channel } = logged;
  const { request, startedAt, id } = operation;
  const order = `${clean(request.text, 150)} (${id}), asked by ${clean(request.askedBy, 100)} at ${moment(startedAt, new Date())}`;
  desk.print(sentence(`First what a Muster left that ended in the middle of it: ${order}.`, style));
  try {
    const from = await goOnFrom(logged, { host, operations: records.operations, bootId: self.bootId });
    const code = await carryOut({ operation, ...from, isSlacks: channel !== undefined }, desk);
    desk.print(['']);
    return code !== exitCodes.interrupted;
  } catch (error) {
    const words = troubleWords(error);
    records.operations.finish(operation, { at: new Date(), cancelled: words.join(' ') });
    desk.print(sentence(`It cannot be taken up again. ${words.join(' ')}`, style));
    return true;
  }
}
