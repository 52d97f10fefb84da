import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { buttons } from '../../src/slack/buttons/all-buttons.ts';
import { commands } from '../../src/slack/commands/all-commands.ts';

const top = fileURLToPath(new URL('../../', import.meta.url));
const run = promisify(execFile);

/** What a folder's files export that can be run by a person: commands and buttons. */
async function runnableIn(folder: string): Promise<readonly unknown[]> {
  const files = readdirSync(join(top, folder)).filter((file) => file.endsWith('.ts'));
  const modules = await Promise.all(files.map((file) => import(join(top, folder, file)) as Promise<object>));
  return modules.flatMap((module) => Object.values(module)).filter((each) => 'effect' in Object(each));
}

test('every button in its folder is in the list, and no other', async () => {
  expect(new Set(buttons)).toEqual(new Set(await runnableIn('src/slack/buttons')));
});

test('no two commands and no two buttons go by one name', () => {
  const names = [...commands.map(({ name }) => name), ...buttons.map(({ id }) => id)];

  expect(new Set(names).size).toBe(names.length);
});

describe('layers', () => {
  /** A file, and an import that its layer must not make. */
  const wrong: readonly (readonly [string, string])[] = [
    ['src/domain/probe.ts', '../language/plan.ts'],
    ['src/log/probe.ts', '../domain/agent.ts'],
    ['src/journal/probe.ts', '../operations/host.ts'],
    ['src/settings.ts', './team/names.ts'],
    ['src/timers.ts', './domain/agent.ts'],
    ['src/language/probe.ts', '../team/team.ts'],
    ['src/team/probe.ts', '../supervisor/supervisor.ts'],
    ['src/team/probe-program.ts', 'execa'],
    ['src/team/files/probe.ts', '../../supervisor/supervisor.ts'],
    ['src/supervisor/probe.ts', '../operations/host.ts'],
    ['src/supervisor/probe-tmux.ts', './tmux/panes.ts'],
    ['src/supervisor/programs/probe.ts', '../process/process-table.ts'],
    ['src/supervisor/process/probe.ts', '../lifecycle/stop.ts'],
    ['src/supervisor/lifecycle/probe.ts', '../tmux/stop.ts'],
    ['src/supervisor/systemd/probe.ts', '../tmux/stop.ts'],
    ['src/operations/probe.ts', '../supervisor/tmux/tmux.ts'],
    ['src/operations/probe-processes.ts', '../supervisor/process/process-life.ts'],
    ['src/operations/plan/probe.ts', '../../supervisor/backends.ts'],
    ['src/operations/run/probe.ts', '../../supervisor/process/stop-target.ts'],
    ['src/operations/locks/probe.ts', '../../supervisor/process/process-life.ts'],
    ['src/operations/probe-slack.ts', '../slack/markup/blocks.ts'],
    ['src/watch/probe.ts', '../slack/markup/blocks.ts'],
    ['src/watch/alerts/probe.ts', '../../operations/operate.ts'],
    ['src/site/probe.ts', '../slack/markup/blocks.ts'],
    ['src/cli/team/probe-operations.ts', '../../operations/operate.ts'],
    ['src/cli/team/probe-site.ts', '../../site/local-site.ts'],
    ['src/cli/terminal/probe.ts', '../../supervisor/supervisor.ts'],
    ['src/slack/probe.ts', '../supervisor/backends.ts'],
    ['src/slack/probe-settings.ts', '../settings.ts'],
    ['src/slack/probe-operate.ts', '../operations/operate.ts'],
    ['src/slack/probe-watcher.ts', '../watch/watcher.ts'],
    ['src/slack/probe-local-site.ts', '../site/local-site.ts'],
    ['src/slack/operations/probe.ts', '../../team/team.ts'],
    ['src/slack/operations/probe-operate.ts', '../../operations/operate.ts'],
    ['src/slack/operations/probe-records.ts', '../../operations/records/operation-log.ts'],
    ['src/slack/commands/probe.ts', '../../operations/plan/roster.ts'],
    ['src/slack/commands/probe-site.ts', '../../site/read-status.ts'],
    ['src/slack/buttons/probe.ts', '../../watch/alerts/mutes.ts'],
    ['src/slack/markup/probe.ts', '../../supervisor/supervisor.ts'],
    ['src/slack/alerts/probe.ts', '../../operations/operate.ts'],
    ['src/slack/guard/probe.ts', '../../operations/recovery.ts'],
    ['src/slack/records/probe.ts', '../../site/local-site.ts'],
    ['src/slack/cards/probe.ts', '../../sandbox/sandbox.ts'],
    ['src/slack/cards/samples/probe.ts', '../../outbox/writer.ts'],
    ['src/sandbox/probe.ts', '../main.ts'],
    ['src/sandbox/probe-cli.ts', '../cli/live-check/check.ts'],
    ['src/cli/team/probe.ts', '../../main.ts'],
    ['src/cli/doctor/checks/probe.ts', '../../../sandbox/sandbox.ts'],
    ['packages/slack-stand-in/src/probe.ts', '../../../src/slack/markup/blocks.ts'],
  ];

  test('an import from a layer below is an error', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'muster-layers-'));
    try {
      symlinkSync(join(top, 'biome.json'), join(directory, 'biome.json'));
      for (const [file, from] of wrong) {
        mkdirSync(dirname(join(directory, file)), { recursive: true });
        writeFileSync(join(directory, file), `import { x } from '${from}';\n\nexport const y = x;\n`);
      }
      const biome = join(top, 'node_modules/.bin/biome');
      const options = [
        'lint',
        '--only=style/noRestrictedImports',
        '--vcs-enabled=false',
        '--reporter=json',
        '.',
      ];
      const { stdout } = await run(biome, options, { cwd: directory }).catch(
        (failed: { stdout: string }) => failed,
      );
      const { diagnostics } = JSON.parse(stdout) as {
        diagnostics: { category: string; location: { path: string } }[];
      };
      const red = diagnostics.map(({ category, location: { path } }) => `${category} ${path}`);

      const expected = wrong.map(([file]) => `lint/style/noRestrictedImports ${file}`);
      expect(red.sort()).toEqual(expected.sort());
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});
