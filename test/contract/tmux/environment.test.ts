import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import type { AgentSpec } from '../../../src/domain/agent.ts';
import { withEnvironmentPath } from '../../../src/supervisor/programs/environment.ts';
import { createTmuxHarness, type TmuxHarness } from '../../fakes/tmux/tmux-harness.ts';
import { until } from '../../fakes/until.ts';

let harness: TmuxHarness;

afterEach(() => harness.stop());

const program = 'env -0 >"$0.env"; echo $$ >"$0.pid"; exec sleep 1000';

/** What the agent's program found in its environment. */
async function environmentOf(agent: AgentSpec): Promise<Record<string, string>> {
  await until(`${agent.id} is ready`, () => harness.isReady(agent));
  const text = readFileSync(join(harness.root, 'programs', `${agent.project}-${agent.agent}.env`), 'utf8');
  const entries = text.split('\0').filter((entry) => entry.includes('='));
  return Object.fromEntries(
    entries.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
  );
}

function handed(): string {
  return join(harness.root, 'state', 'muster', 'environment');
}

it('an agent gets our environment, and its own env file over it, in a tmux server that somebody else started', async () => {
  harness = createTmuxHarness('team', { FOO: 'old', KEPT: 'of the server', MODEL: 'of another agent' });
  await harness.server.tmux('new-session', '-d', '-s', 'mine');
  const values = {
    FOO: 'new',
    API_KEY: `it's "quoted" \\ $HOME $(touch PWNED) \`x\`; # é`,
    LINES_OF_IT: 'one\ntwo\n',
    OWN: 'of the bot',
    TERM: 'dumb',
    'NOT-A-NAME': 'x',
  };
  const supervisor = harness.supervisorWith({ env: { ...harness.server.env, ...values } });
  const agent = harness.agent('dev', program, { env: { OWN: 'of the agent' } });

  await supervisor.up(agent);

  const seen = await environmentOf(agent);
  expect(seen).toMatchObject({
    FOO: 'new',
    API_KEY: values.API_KEY,
    LINES_OF_IT: values.LINES_OF_IT,
    OWN: 'of the agent',
    KEPT: 'of the server',
    TMUX_PANE: expect.stringMatching(/^%/),
  });
  expect(seen.TERM).not.toBe('dumb');
  expect(seen).not.toHaveProperty('MODEL');
  expect(readdirSync(handed())).toEqual([]);
});

it('while it waits to be read, nobody else can read it, and no argv holds a value of it', async () => {
  harness = createTmuxHarness();
  const slow = join(harness.server.directory, 'bin');
  mkdirSync(slow);
  const modes = join(harness.server.directory, 'modes');
  writeFileSync(
    join(slow, 'tmux'),
    `#!/bin/sh\ncase "$*" in *new-session*) stat -c %a '${handed()}'/* >'${modes}'; echo "$*" >>'${modes}';; esac\nPATH=\${PATH#*:} exec tmux "$@"\n`,
    { mode: 0o755 },
  );
  const supervisor = harness.supervisorWith({
    env: { ...harness.server.env, API_KEY: 'canary', PATH: `${slow}:${harness.server.env.PATH}` },
  });
  const agent = harness.agent('dev', program);

  await supervisor.up(agent);

  const [mode, argv] = readFileSync(modes, 'utf8').split('\n');
  expect(mode).toBe('600');
  expect(argv).toContain(withEnvironmentPath);
  expect(argv).not.toContain('canary');
  expect(statSync(handed()).mode & 0o777).toBe(0o700);
});

it('what a crash has left unread is removed by the next start', async () => {
  harness = createTmuxHarness();
  mkdirSync(handed(), { recursive: true });
  writeFileSync(join(handed(), 'old'), 'x');
  writeFileSync(join(handed(), 'young'), 'x');
  utimesSync(join(handed(), 'old'), 1, 1);

  await harness.supervisor.up(harness.agent('dev', 'polite'));

  expect(readdirSync(handed())).toEqual(['young']);
});

it('a start that tmux refuses leaves nothing unread', async () => {
  harness = createTmuxHarness();
  const slow = join(harness.server.directory, 'bin');
  mkdirSync(slow);
  writeFileSync(
    join(slow, 'tmux'),
    `#!/bin/sh\ncase "$*" in *new-session*) echo no more room >&2; exit 1;; esac\nPATH=\${PATH#*:} exec tmux "$@"\n`,
    { mode: 0o755 },
  );
  const supervisor = harness.supervisorWith({
    env: { ...harness.server.env, PATH: `${slow}:${harness.server.env.PATH}` },
  });
  await harness.server.tmux('new-session', '-d', '-s', 'mine');

  await expect(supervisor.up(harness.agent('dev', 'polite'))).rejects.toThrow('no more room');

  expect(readdirSync(handed())).toEqual([]);
});
