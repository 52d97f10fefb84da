import { describe, expect, it } from 'vitest';
import {
  createFinder,
  type FoundAgent,
  type Whereabouts,
} from '../../../../src/supervisor/process/found-agent.ts';
import { foundAgent, specOf } from './found-agents.ts';

describe('finding agents', () => {
  it('costs those who ask at once one look-up, and gives each a find of its own', async () => {
    const { find, lookUps } = finder();

    const found = await Promise.all(['a', 'b', 'a'].map((name) => find(specOf(name), 'cannot')));

    expect(lookUps).toEqual([['a', 'b', 'a']]);
    expect(found.map(({ spec }) => spec.agent)).toEqual(['a', 'b', 'a']);
    expect(found[0]).not.toBe(found[2]);
  });

  it('says in the words of the asker what could not be done, and why', async () => {
    const find = createFinder(async () => ({ kind: 'unknown' as const, reason: 'tmux does not answer' }));

    await expect(find(specOf('a'), 'cannot stop shop:a')).rejects.toThrow(
      'cannot stop shop:a: tmux does not answer',
    );
  });
});

function finder() {
  const lookUps: string[][] = [];
  const find = createFinder(async (specs): Promise<Whereabouts<FoundAgent>> => {
    lookUps.push(specs.map(({ agent }) => agent));
    return { kind: 'known', agents: specs.map((spec) => foundAgent(spec, 'agent')) };
  });
  return { find, lookUps };
}
