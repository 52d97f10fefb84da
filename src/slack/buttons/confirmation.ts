import type { Effect } from '../../language/verb.ts';
import type { Choice } from '../operations/requests.ts';
import type { Action } from './button.ts';

export const questionAccept = answering('accept', 'destroys');

export const questionDrain = answering('drain', 'changes');

export const questionCancel = answering('cancel', 'reads');

function answering(choice: Choice, effect: Effect): Action {
  return {
    id: `question_${choice}`,
    effect,
    run: ({ asker, value, message, reply }, { requests }) =>
      requests.answer(choice, value, asker, message, reply),
  };
}
