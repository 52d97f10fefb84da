import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AgentSpec } from '../../../../src/domain/agent.ts';
import { checkSpec } from '../../../../src/supervisor/lifecycle/start-settled.ts';
import { SupervisorError } from '../../../../src/supervisor/supervisor.ts';
import { specOf } from '../process/found-agents.ts';

describe('before anything starts', () => {
  it('an agent that has all it needs is let through', async () => {
    await expect(checkSpec(onDisk())).resolves.toBeUndefined();
  });

  it.each<[string, Partial<AgentSpec>, RegExp]>([
    ['a missing directory', { cwd: '/no/such' }, /^cannot start shop:dev: its directory: .*\/no\/such/],
    ['a file for a directory', { cwd: '/etc/passwd' }, /\/etc\/passwd is no directory$/],
    ['a missing env file', { envFile: '/no/such.env' }, /its env file: .*\/no\/such\.env/],
    ['a missing wrapper', { wrapper: '/no/such.sh' }, /its wrapper: .*\/no\/such\.sh/],
    ['a wrapper that is no program', { wrapper: '/etc/passwd' }, /its wrapper: .*EACCES/],
    [
      'an env file that never ends',
      { envFile: '/dev/zero' },
      /its env file, \/dev\/zero, is no regular file/,
    ],
    ['a path that no program can be given', { cwd: '/srv\0/team' }, /its directory: .*null bytes/],
  ])('%s is named', async (_, odd, words) => {
    const checked = checkSpec({ ...onDisk(), ...odd });

    await expect(checked).rejects.toThrow(words);
    await expect(checked).rejects.toBeInstanceOf(SupervisorError);
  });
});

function onDisk(): AgentSpec {
  const root = mkdtempSync(join(tmpdir(), 'muster-start-check-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  mkdirSync(join(root, 'bin'));
  const wrapper = join(root, 'bin', 'agent-wrapper.sh');
  const envFile = join(root, 'dev.env');
  writeFileSync(wrapper, '#!/bin/sh\n');
  chmodSync(wrapper, 0o755);
  writeFileSync(envFile, '');
  return { ...specOf('dev'), cwd: root, wrapper, envFile };
}
