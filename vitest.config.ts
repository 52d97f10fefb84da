import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** They start processes or wait for sockets: `npm test` runs them, `npm run check` has no time for them. */
const slow = [
  'test/unit/operations/run/power-cut.test.ts',
  'test/unit/operations/locks/team-lock.test.ts',
  'test/unit/slack/connection/connection.test.ts',
];

/** One group after the other: those that watch real processes would be disturbed by the rest. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts', 'packages/*/test/**/*.test.ts'],
          exclude: slow,
          globalSetup: ['test/fakes/unit-suite.ts'],
          maxWorkers: availableParallelism(),
          // They keep nothing in their modules, and most of their time would go into loading them once more for each file.
          isolate: false,
          // Against hanging, not against a busy machine.
          testTimeout: 30_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'contract',
          include: ['test/contract/**/*.test.ts', ...slow],
          globalSetup: ['test/fakes/unit-suite.ts'],
          // Each has servers of its own.
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: ['test/fakes/bot/e2e-suite.ts'],
          // They wait more than they work.
          maxWorkers: 4,
          sequence: { groupOrder: 2 },
          testTimeout: 240_000,
          hookTimeout: 240_000,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          globalSetup: ['test/fakes/bot/e2e-suite.ts'],
          maxWorkers: 4,
          sequence: { groupOrder: 2 },
          testTimeout: 240_000,
          hookTimeout: 240_000,
        },
      },
    ],
  },
});
