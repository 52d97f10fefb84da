import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { projectFile } from '../fakes/bot/e2e-agents.ts';
import { startE2eBot } from '../fakes/bot/e2e-bot.ts';
import { processesOf } from '../fakes/bot/e2e-suite.ts';

test.each(['running', 'killed'])(
  'of a test with a %s bot nothing is left: no tmux server, socket, process or file',
  async (how) => {
    const bot = await startE2eBot({
      team: { projects: { shop: projectFile('shop', { workers: { pay: 'polite', mule: 'stubborn' } }) } },
    });
    const directory = dirname(bot.team.root);
    expect(processesOf(directory).length).toBeGreaterThan(4);
    if (how === 'killed') await bot.end('SIGKILL');

    await bot.stop();

    expect(processesOf(directory)).toEqual([]);
    expect(existsSync(directory)).toBe(false);
  },
);
