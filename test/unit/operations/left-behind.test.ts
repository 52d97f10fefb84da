import { expect, test } from 'vitest';
import { newId } from '../../../src/operations/ids.ts';
import { holdLeft, ofDeadProcesses } from '../../../src/operations/left-behind.ts';
import { createOperationLog } from '../../../src/operations/operation-log.ts';
import { createProjectLocks } from '../../../src/operations/project-locks.ts';
import { RefusedError } from '../../../src/operations/refusal.ts';
import { newJournal } from './journal-under-test.ts';
import { asked, shop } from './team-under-test.ts';

const process = (pid: number) => ({ pid, startTime: '1', bootId: 'fake-boot' });
const lives = async ({ pid }: { readonly pid: number }) => pid !== 1;

/** An operation that process 1 left, and the journal as processes 2 and 3 see it. */
function left() {
  const journal = newJournal();
  const [first, second, third] = [1, 2, 3].map((pid) => createOperationLog(journal, process(pid)));
  if (first === undefined || second === undefined || third === undefined) throw new Error('three logs');
  const request = asked({ selection: shop });
  const operation = {
    id: newId('O'),
    request,
    plan: { steps: [], settlesDigest: false },
    startedAt: new Date(),
  };
  first.begin(operation);
  const [logged] = second.unfinished();
  if (logged === undefined) throw new Error('nothing was left');
  return { operation, logged, second, third };
}

test('only what dead processes left is theirs who come after', async () => {
  const { logged, second } = left();

  expect(await ofDeadProcesses([logged], lives)).toEqual([logged]);
  second.takeOver(logged.operation.id);
  expect(await ofDeadProcesses(second.unfinished(), lives)).toEqual([]);
});

test('of two that found it at the same time one goes on with it', async () => {
  const { logged, second, third, operation } = left();
  const locks = createProjectLocks();
  const held = await holdLeft(logged, { locks, operations: second, lives });

  await expect(holdLeft(logged, { locks, operations: third, lives })).rejects.toThrow(RefusedError);
  second.takeOver(operation.id);
  await held?.release();
  expect(held?.logged.operation.id).toBe(operation.id);
  expect(await holdLeft(logged, { locks, operations: third, lives })).toBeUndefined();
});

test('what is over by the time its projects are free is nobody’s any more, and they stay free', async () => {
  const { logged, second, third, operation } = left();
  const locks = createProjectLocks();
  second.finish(operation.id, { at: new Date() });

  expect(await holdLeft(logged, { locks, operations: third, lives })).toBeUndefined();
  const { id, startedAt: since } = operation;
  expect(() => locks.take(shop, { id, since, text: 'reload', askedBy: 'ana' })).not.toThrow();
});
