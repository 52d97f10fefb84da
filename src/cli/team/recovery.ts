import type { Selection } from '../../domain/selection.ts';
import { clean, moment, sentence } from '../terminal/style.ts';
import type { Desk } from './context.ts';
import { followOperation } from './follow-operation.ts';

/** Goes on with what Musters that died have left on the same projects, before anything new. False: the person has paused it. */
export async function settleLeftovers(selection: Selection, desk: Desk): Promise<boolean> {
  const { site, style } = desk;
  let isPaused = false;
  const onPause = () => {
    isPaused = true;
  };
  for (;;) {
    const taken = await site.recover(selection);
    for (const left of taken) {
      const { request, startedAt, id } = left.operation;
      const order = `${clean(request.text, 150)} (${id}), asked by ${clean(request.askedBy, 100)} at ${moment(startedAt, new Date())}`;
      desk.print(sentence(`First what a Muster left that ended in the middle of it: ${order}.`, style));
      await followOperation(left, desk, onPause);
      desk.print(['']);
      if (isPaused) return false;
    }
    // Two may have been left on one project, one after the other.
    if (taken.length === 0) return true;
  }
}
