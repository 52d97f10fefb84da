import { describe, expect, it } from 'vitest';
import { createFinder } from '../../../src/supervisor/finder.ts';
import type { FoundAgent, Whereabouts } from '../../../src/supervisor/found-agent.ts';
import { foundAgent, specOf } from './found-agents.ts';

describe('finding agents', () => {
  it('costs those who ask at once one look-up, and gives each a find of its own', async () => {
    const { find, lookUps } = finder();

    const found = await Promise.all(['a', 'b', 'a'].map((name) => find(specOf(name), 'cannot')));

    expect(lookUps).toEqual([['a', 'b', 'a']]);
    expect(found.map(({ spec }) => spec.agent)).toEqual(['a', 'b', 'a']);
    expect(found[0]).not.toBe(found[2]);
  });

  it('never answers with what was looked up before the question', async () => {
    const gate = Promise.withResolvers<void>();
    const { find, lookUps } = finder(() => gate.promise);
    const first = find(specOf('a'), 'cannot');
    await Promise.resolve();
    const others = ['b', 'c'].map((name) => find(specOf(name), 'cannot'));

    gate.resolve();
    await Promise.all([first, ...others]);

    expect(lookUps).toEqual([['a'], ['b', 'c']]);
  });

  it('says in the words of the asker what could not be done, and why', async () => {
    const find = createFinder(async () => ({ kind: 'unknown' as const, reason: 'tmux does not answer' }));

    await expect(find(specOf('a'), 'cannot stop shop:a')).rejects.toThrow(
      'cannot stop shop:a: tmux does not answer',
    );
  });

  it('goes on after a look-up that went wrong', async () => {
    let isBroken = true;
    const { find } = finder(async () => {
      if (isBroken) throw new Error('no more processes');
    });
    await expect(find(specOf('a'), 'cannot')).rejects.toThrow('no more processes');

    isBroken = false;

    expect((await find(specOf('a'), 'cannot')).spec.agent).toBe('a');
  });
});

function finder(before: () => Promise<void> = async () => {}) {
  const lookUps: string[][] = [];
  const find = createFinder(async (specs): Promise<Whereabouts<FoundAgent>> => {
    lookUps.push(specs.map(({ agent }) => agent));
    await before();
    return { kind: 'known', agents: specs.map((spec) => foundAgent(spec, 'agent')) };
  });
  return { find, lookUps };
}
