import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import type { AgentSpec } from '../../../src/domain/agent.ts';
import type { TmuxSupervisor } from '../../../src/supervisor/tmux/tmux-supervisor.ts';
import { rounds } from '../../fakes/rounds.ts';
import { createTmuxHarness, type TmuxHarness } from '../../fakes/tmux/tmux-harness.ts';
import { until } from '../../fakes/until.ts';

const total = rounds('Drains of polite agents', { test: 200, soak: 10_000 });
const atOnce = 40;
const ampleMs = 60_000;
/** The second ask comes at half of it. */
const budgetOfTheSlowMs = 10_000;

const begin = 'echo life >>"$0.lives"; ';
/** Without `isig` Ctrl-C is a byte like any other, as for the programs that draw their own screen. */
const raw = `stty raw -echo; echo $$ >"$0.pid"; until [ "$(dd bs=1 count=1 2>/dev/null | od -An -tx1 | tr -d ' ')" = 03 ]; do :; done; stty sane; exit 0`;
const programs = {
  'ends of Ctrl-C': `${begin}echo $$ >"$0.pid"; exec sleep 1000`,
  'ends politely': `${begin}trap 'kill $!; exit 0' INT; sleep 1000 & echo $$ >"$0.pid"; wait`,
  'flushes first': `${begin}trap 'sleep 0.5; kill $!; exit 0' INT; sleep 1000 & echo $$ >"$0.pid"; wait`,
  'reads the keyboard raw': `${begin}${raw}`,
  'has an inner raw terminal': `[ "$1" = inner ] || exec script -qefc "sh '$0' inner" /dev/null; ${begin}${raw}`,
};
const twoAsks = `${begin}trap 'n=1$n' INT; sleep 1000 & echo $$ >"$0.pid"; until [ "$n" = 11 ]; do wait $!; done; kill $!; exit 0`;

/** What teamctl's own wrapper does: an endless loop. */
const endless = (shell: string) =>
  `#!${shell}\nwhile true; do\n  echo starting\n  PROGRAM\n  echo "exited ec=$? restarting in 5s"\n  sleep 5\ndone\n`;
const wrappers = [undefined, '/bin/dash', '/bin/bash'].filter(
  (shell) => shell === undefined || existsSync(shell),
);
const runtimes = ['claude-code', 'codex', 'gemini', 'of-the-team', undefined];

let harness: TmuxHarness;

afterEach(() => harness.stop());

interface Polite {
  readonly agent: AgentSpec;
  readonly budgetMs: number;
}

/** Every program under every wrapper and runtime in turn; now and then one that a runtime's second ask is for. */
function politeAgent(index: number): Polite {
  const shell = wrappers[index % wrappers.length];
  const runtime = runtimes[Math.floor(index / 3) % runtimes.length];
  const needsTwo = index % 97 === 96 && runtime !== undefined && runtime !== 'of-the-team';
  const kinds = Object.values(programs);
  const program = needsTwo ? twoAsks : (kinds[Math.floor(index / 15) % kinds.length] ?? twoAsks);
  const agent = harness.agent(`w${index}`, program, {
    ...(shell === undefined ? {} : { wrapper: endless(shell) }),
    ...(runtime === undefined ? {} : { runtime }),
  });
  return { agent, budgetMs: needsTwo ? budgetOfTheSlowMs : ampleMs };
}

async function started(polite: Polite, by: TmuxSupervisor): Promise<Polite> {
  await by.up(polite.agent);
  await until(`${polite.agent.id} is ready`, () => harness.isReady(polite.agent), 60_000);
  return polite;
}

/** Where the file is missing, what is there in its place tells why. */
function livesOf({ project, agent }: AgentSpec): string {
  const file = join(harness.root, 'programs', `${project}-${agent}.lives`);
  if (existsSync(file)) return readFileSync(file, 'utf8');
  return existsSync(harness.root)
    ? `no ${file}, among ${readdirSync(join(harness.root, 'programs')).length} others`
    : `somebody has removed ${harness.root}`;
}

it(
  `a polite agent is never called TimedOutKilled, nor does it live twice, ${total} times`,
  async () => {
    harness = createTmuxHarness();
    const starting = harness.supervisorWith({ settleMs: 1 });
    for (let first = 0; first < total; first += atOnce) {
      const wave = Array.from({ length: Math.min(atOnce, total - first) }, (_, index) =>
        politeAgent(first + index),
      );
      await Promise.all(wave.map((polite) => started(polite, starting)));

      const results = await Promise.all(
        wave.map(({ agent, budgetMs }) => harness.supervisor.drain(agent, { budgetMs })),
      );

      const ends = wave.map(({ agent }, index) => ({
        id: agent.id,
        outcome: results[index]?.outcome,
        survivors: results[index]?.survivors,
        lives: livesOf(agent),
      }));
      expect(ends).toEqual(
        wave.map(({ agent }) => ({ id: agent.id, outcome: 'Graceful', survivors: [], lives: 'life\n' })),
      );
    }
    expect(harness.server.processes()).toEqual([]);
  },
  total * 2000,
);
