import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { projectFile, writeTeam } from '../test/fakes/bot/e2e-agents.ts';
import { type Bench, median, ms, timed } from './report.ts';

const goal = 4;

const rounds = 15;

const program = fileURLToPath(new URL('../bin/muster', import.meta.url));

/** `muster status` of a small team, against a Node that does nothing at all. */
export const muster: Bench = {
  name: 'muster',
  async run() {
    const directory = mkdtempSync(join(tmpdir(), 'muster-bench-'));
    try {
      const { root } = writeTeam(directory, {
        projects: { shop: projectFile('shop', { workers: { pay: 'polite', cart: 'polite' } }) },
      });
      mkdirSync(join(directory, 'tmux'));
      const { PATH } = process.env;
      const env = { PATH, TEAM_ROOT: root, TMUX_TMPDIR: join(directory, 'tmux') };
      const run = (file: string, ...words: readonly string[]) =>
        execa(file, words, { cwd: directory, env, extendEnv: false });
      // The first start of a checkout translates everything, and is no later one's.
      await run(program, 'status');
      const ours: number[] = [];
      const theirs: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        theirs.push(await timed(() => run(process.execPath, '-e', '0')));
        ours.push(await timed(() => run(program, 'status')));
      }
      const times = median(ours) / median(theirs);
      return [
        {
          what: 'muster status',
          measured: ms(median(ours)),
          baseline: `${ms(median(theirs))} (node -e 0)`,
          ratio: 1 / times,
          goal: `at most ${goal} times as long`,
          isMet: times <= goal,
        },
      ];
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  },
};
