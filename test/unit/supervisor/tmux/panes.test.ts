import { describe, expect, it } from 'vitest';
import { listPanes } from '../../../../src/supervisor/tmux/panes.ts';
import type { TmuxAnswer } from '../../../../src/supervisor/tmux/tmux.ts';

const line = '7\t$1\t@1\t%1\t12\t0\tt-shop-dev\tsh launcher';
const refused: TmuxAnswer = { kind: 'refused', reason: 'tmux list-panes: no current target' };
const done = (output: string): TmuxAnswer => ({ kind: 'done', output });

describe('the panes of a server', () => {
  it.each<[string, readonly TmuxAnswer[], readonly string[]]>([
    ['that is not there are none', [{ kind: 'absent' }], []],
    ['without a session are none, though it refuses to list them', [refused, done('')], []],
    ['whose first session comes between two questions are listed', [refused, done('$1'), done(line)], ['%1']],
    ['that goes away meanwhile are none', [refused, refused, { kind: 'absent' }], []],
  ])('%s', async (_, answers, ids) => {
    const listing = await listPanes(answering(answers));

    expect(listing.kind === 'panes' && listing.panes.map(({ id }) => id)).toEqual(ids);
  });

  it('that goes on refusing are unknown, with its reason', async () => {
    const answers = Array.from({ length: 3 }, () => [refused, done('$1')]).flat();

    expect(await listPanes(answering(answers))).toEqual({ kind: 'unknown', reason: refused.reason });
  });
});

function answering(answers: readonly TmuxAnswer[]): () => Promise<TmuxAnswer> {
  const left = [...answers];
  return async () => {
    const next = left.shift();
    if (next === undefined) throw new Error('asked once more than was expected');
    return next;
  };
}
