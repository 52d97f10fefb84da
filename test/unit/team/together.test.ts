import { describe, expect, it } from 'vitest';
import { together } from '../../../src/team/together.ts';

describe('what is done together', () => {
  it('is done once for all who ask at once, and each gets their own of it', async () => {
    const { ask, done } = doubling();

    expect(await Promise.all([1, 2, 3].map(ask))).toEqual([2, 4, 6]);
    expect(done).toEqual([[1, 2, 3]]);
  });

  it('begins after it was asked for: who comes while it is under way shares the next', async () => {
    const gate = Promise.withResolvers<void>();
    const { ask, done } = doubling(() => gate.promise);
    const first = ask(1);
    await Promise.resolve();
    const others = [2, 3].map(ask);

    gate.resolve();
    await Promise.all([first, ...others]);

    expect(done).toEqual([[1], [2, 3]]);
  });

  it('goes on after it went wrong once', async () => {
    let isBroken = true;
    const { ask } = doubling(async () => {
      if (isBroken) throw new Error('disk full');
    });
    await expect(ask(1)).rejects.toThrow('disk full');

    isBroken = false;

    expect(await ask(1)).toBe(2);
  });
});

function doubling(before: () => Promise<void> = async () => undefined) {
  const done: (readonly number[])[] = [];
  const ask = together(async (items: readonly number[]) => {
    done.push([...items]);
    await before();
    return items.map((item) => item * 2);
  });
  return { ask, done };
}
