import { expect, it } from 'vitest';
import { inTurns, type TmuxAnswer } from '../../../../src/supervisor/tmux/tmux.ts';

it('of many tmux commands only so many run at a time, in the order they came, whatever becomes of them', async () => {
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  let running = 0;
  let most = 0;
  const tmux = inTurns(async ([command = []]): Promise<TmuxAnswer> => {
    begun.push(String(command[0]));
    running += 1;
    most = Math.max(most, running);
    await new Promise<void>((end) => ends.push(end));
    running -= 1;
    if (command[0] === 'b') throw new Error('b is refused');
    return { kind: 'done', output: String(command[0]) };
  }, 2);

  const answers = Promise.allSettled(['a', 'b', 'c', 'd', 'e'].map((name) => tmux([[name]])));
  while (begun.length < 5 || running > 0) {
    await Promise.resolve();
    ends.shift()?.();
  }

  expect(begun).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(most).toBe(2);
  expect((await answers).map(({ status }) => status)).toEqual([
    ...['fulfilled', 'rejected', 'fulfilled', 'fulfilled', 'fulfilled'],
  ]);
});
