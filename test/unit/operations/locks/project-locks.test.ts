import { expect, test } from 'vitest';
import { RefusedError } from '../../../../src/domain/refusal.ts';
import { createProjectLocks } from '../../../../src/operations/locks/project-locks.ts';
import { agent, shop } from '../team-under-test.ts';

const reloadByAna = { id: 'O-1', text: '/team reload shop', askedBy: 'U0ANA00000', since: new Date(0) };
const other = { ...reloadByAna, id: 'O-2' };
const team = { kind: 'team' } as const;

test.each([
  ['the same project', shop, shop],
  ['a project whose agent is being worked on', agent('shop:pay'), shop],
  ['an agent of a project that is being worked on', shop, agent('shop:pay')],
  ['another agent of the same project', agent('shop:pay'), agent('shop:cart')],
  ['a project while the whole team is being worked on', team, shop],
  ['the whole team while one project is being worked on', shop, team],
  ['the whole team twice', team, team],
])('%s is refused with a pointer to the operation that holds it', (_name, held, wanted) => {
  const locks = createProjectLocks();
  locks.take(held, reloadByAna);

  expect(() => locks.take(wanted, other)).toThrow(RefusedError);
  expect(() => locks.take(wanted, other)).toThrow(
    expect.objectContaining({ refusal: { kind: 'busy', operation: expect.objectContaining(reloadByAna) } }),
  );
});

test('two projects don’t wait for each other', () => {
  const locks = createProjectLocks();
  locks.take(shop, reloadByAna);

  expect(() => locks.take({ kind: 'project', project: 'shop2' }, other)).not.toThrow();
});

test('what was released can be taken again', () => {
  const locks = createProjectLocks();

  locks.take(shop, reloadByAna)();

  expect(() => locks.take(team, other)).not.toThrow();
});
