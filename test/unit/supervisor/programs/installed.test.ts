import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { isInstalled } from '../../../../src/supervisor/programs/installed.ts';

const root = mkdtempSync(join(tmpdir(), 'muster-installed-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const bin = join(root, 'bin');
mkdirSync(join(bin, 'folder'), { recursive: true });
writeFileSync(join(bin, 'claude'), '#!/bin/sh\n', { mode: 0o755 });
writeFileSync(join(bin, 'notes'), 'not to be run', { mode: 0o644 });

test.each([
  ['a program on the PATH', 'claude', `/no/such/bin:${bin}`, true],
  ['a program that is in none of its directories', 'claude', '/no/such/bin', false],
  ['a program where there is no PATH at all', 'claude', undefined, false],
  ['a path from the root of the team, whatever the PATH', 'bin/claude', undefined, true],
  ['a path that leads nowhere', './claude', bin, false],
  ['a file that may not be run', 'notes', bin, false],
  ['a directory of that name', 'folder', bin, false],
])('%s', async (_what, program, path, installed) => {
  expect(await isInstalled(program, root, path)).toBe(installed);
});
