import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTeamBackend } from '../../../src/supervisor/backends.ts';
import { writeTeamTree } from '../../fakes/team/team-tree.ts';
import { specOf } from './process/found-agents.ts';

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

    expect((await openTeamBackend(root, {})).type).toBe('systemd');
  });

  it('is tmux where nothing is said', async () => {
    const root = writeTeamTree(directory, { projects: {} });

    expect((await openTeamBackend(root, {})).type).toBe('tmux');
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

  it.skipIf(process.platform === 'darwin')('is refused where this host cannot have it', async () => {
    const root = writeTeamTree(directory, { compose: compose('launchd'), projects: {} });

    await expect(openTeamBackend(root, {})).rejects.toThrow('supervisor.type is launchd');
  });

  it.skipIf(process.platform === 'darwin')('may become any that this host can have', async () => {
    const root = writeTeamTree(directory, { projects: {} });

    expect((await openTeamBackend(root, {})).types).toEqual(['tmux', 'systemd']);
  });

  it.skipIf(process.platform === 'darwin').each([
    ['docker', 'it was started on docker, which this Muster does not know; it knows tmux, systemd, launchd'],
    ['launchd', 'it was started on launchd, which this host does not have'],
  ])('leaves an agent that was started on %s unknown, and says why', async (backend, reason) => {
    const root = writeTeamTree(directory, { projects: {} });
    const { supervisor } = await openTeamBackend(root, {});
    const spec = { ...specOf('dev'), backend };

    expect((await supervisor.observe([spec])).get(spec.id)).toEqual({ state: 'unknown', reason });
    await expect(supervisor.down(spec)).rejects.toThrow(`cannot stop shop:dev: ${reason}`);
  });
});
