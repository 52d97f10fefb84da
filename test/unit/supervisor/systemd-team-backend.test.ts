import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SystemdSupervisor } from '../../../src/supervisor/systemd.ts';
import { openTeamBackend } from '../../../src/supervisor/team-backend.ts';
import { TmuxSupervisor } from '../../../src/supervisor/tmux.ts';
import { writeTeamTree } from '../../fakes/team-tree.ts';

describe('the back-end of a team', () => {
  let directory: string;

  beforeEach(() => {
    directory = realpathSync(mkdtempSync(join(tmpdir(), 'muster-backend-')));
  });

  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const compose = (type: string) => `version: 2\nsupervisor:\n  type: ${type}\nprojects: []\n`;

  function recorded(root: string, type: string): void {
    const global = { supervisor_type: type, tmux_prefix: 't-', broker_path: 'x' };
    const snapshot = { schema: 2, applied_at: 'x', compose_digest: 'x', global, agents: {} };
    mkdirSync(join(root, 'state'), { recursive: true });
    writeFileSync(join(root, 'state', 'applied.json'), JSON.stringify(snapshot));
  }

  it('is the one it asks for', async () => {
    const root = writeTeamTree(directory, { compose: compose('systemd'), projects: {} });

    const { type, supervisor } = await openTeamBackend(root, {});

    expect(type).toBe('systemd');
    expect(supervisor).toBeInstanceOf(SystemdSupervisor);
  });

  it('is tmux where nothing is said', async () => {
    const root = writeTeamTree(directory, { projects: {} });

    expect((await openTeamBackend(root, {})).supervisor).toBeInstanceOf(TmuxSupervisor);
  });

  it('is tmux where the team asks for one that there is not, which its own validation then says', async () => {
    const root = writeTeamTree(directory, { compose: compose('docker'), projects: {} });

    expect((await openTeamBackend(root, {})).type).toBe('tmux');
  });

  it('is the one its agents run on where the team cannot be read', async () => {
    const root = writeTeamTree(directory, { compose: 'version: [', projects: {} });
    recorded(root, 'systemd');

    expect((await openTeamBackend(root, {})).type).toBe('systemd');
  });

  it('is refused where its agents run on one we do not know', async () => {
    const root = writeTeamTree(directory, { compose: 'version: [', projects: {} });
    recorded(root, 'docker');

    await expect(openTeamBackend(root, {})).rejects.toThrow(
      /started on docker, which this Muster does not know/,
    );
  });
});
