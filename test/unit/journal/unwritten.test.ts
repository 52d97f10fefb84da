import { expect, test } from 'vitest';
import { type Journal, JournalError } from '../../../src/journal/journal.ts';
import { minute, second } from '../../fakes/manual-timers.ts';
import { exited, journalUnderTest, watchUnderTest } from '../watch/watch-under-test.ts';
import { diskOf } from './journal-under-test.ts';

interface Trouble {
  readonly journal: Journal;
  begin(): void;
  end(): void;
}

function fullDisk(journal: Journal): Trouble {
  const disk = diskOf(journal);
  return { journal, begin: disk.fill, end: disk.free };
}

/** `at` the beginning of what is written together, as where another process holds the file, or at its commit, where SQLite may find out that there is no more room. */
const failing =
  (at: 'beginning' | 'commit') =>
  (journal: Journal): Trouble => {
    let isFailing = false;
    const fail = (here: typeof at) => {
      if (isFailing && here === at) throw new JournalError('the disk is full');
    };
    return {
      journal: {
        ...journal,
        together(work) {
          fail('beginning');
          return journal.together(() => {
            const result = work();
            fail('commit');
            return result;
          });
        },
      },
      begin: () => {
        isFailing = true;
      },
      end: () => {
        isFailing = false;
      },
    };
  };

test.each([
  ['cannot be written', fullDisk],
  ['cannot be begun with', failing('beginning')],
  ['cannot be committed', failing('commit')],
])('a death that %s is told once it can be, and once', (_how, trouble) => {
  const { journal, begin, end } = trouble(journalUnderTest());
  const world = watchUnderTest({ journal });
  world.starts('shop:pay', 'shop:cart');
  world.passes(minute);
  world.dies('shop:cart', exited(1, world.timers.now()));
  world.passes(minute);
  begin();

  world.dies('shop:pay', exited(3, world.timers.now()));
  world.passes(second);
  world.starts('shop:pay', 'shop:cart');
  world.passes(minute);
  expect(world.alerts).toHaveLength(1);
  expect(world.errors.at(-1)?.message).toContain('disk is full');
  end();
  world.passes(minute);
  world.restarts();
  world.passes(minute);

  expect(world.messages()).toMatchObject([
    { agents: [{ id: 'shop:cart', deaths: 1, death: { end: { code: 1 } }, back: { by: 'outside' } }] },
    { agents: [{ id: 'shop:pay', deaths: 1, death: { end: { code: 3 } }, back: { by: 'outside' } }] },
  ]);
});

test('an agent that is first seen while nothing can be written, and dies later, has died', () => {
  const { journal, begin, end } = fullDisk(journalUnderTest());
  const world = watchUnderTest({ journal });
  begin();
  world.starts('shop:pay');
  world.passes(minute);
  end();

  world.dies('shop:pay', exited(3, world.timers.now()));
  world.passes(minute);

  expect(world.messages()).toMatchObject([{ agents: [{ id: 'shop:pay', deaths: 1 }] }]);
});
