import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { projectFile, writeTeam } from '../test/fakes/bot/e2e-agents.ts';
import { createTmuxServer } from '../test/fakes/tmux/tmux-server.ts';
import { type Bench, median, ms, timed } from './report.ts';

const goal = 4;

const rounds = 15;

const program = fileURLToPath(new URL('../bin/muster', import.meta.url));

/** `muster status` of a small team, against a Node that does nothing at all. */
export const muster: Bench = {
  name: 'muster',
  async run() {
    const server = createTmuxServer();
    try {
      const { root } = writeTeam(server.directory, {
        projects: { shop: projectFile('shop', { workers: { pay: 'polite', cart: 'polite' } }) },
      });
      const run = (file: string, ...words: readonly string[]) =>
        execa(file, words, {
          cwd: server.directory,
          env: { ...server.env, TEAM_ROOT: root },
          extendEnv: false,
        });
      // The first start of a checkout translates everything, and is no later one's.
      await run(program, 'status');
      const ours: number[] = [];
      const theirs: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        theirs.push(await timed(() => run(process.execPath, '-e', '0')));
        ours.push(await timed(() => run(program, 'status')));
      }
      const ratio = median(ours) / median(theirs);
      return [
        {
          what: 'muster status',
          measured: `${ms(median(ours))}, ${ratio.toFixed(1)} times as long`,
          baseline: `${ms(median(theirs))} (node -e 0)`,
          goal: `at most ${goal} times as long`,
          isMet: ratio <= goal,
        },
      ];
    } finally {
      await server.stop();
    }
  },
};
