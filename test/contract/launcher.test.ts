import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { launcherPath } from '../../src/supervisor/lifecycle/launcher.ts';

const shells = ['/bin/dash', '/bin/bash', '/bin/busybox'];

for (const shell of shells) {
  const reason = existsSync(shell) ? '' : ` (skipped: there is no ${shell})`;

  describe.skipIf(reason !== '')(`the launcher in ${shell}${reason}`, () => {
    let root: string;

    beforeEach(() => {
      root = realpathSync(mkdtempSync(join(tmpdir(), 'muster-launcher-')));
    });

    afterEach(() => rmSync(root, { recursive: true, force: true }));

    async function launch(envText: string, wrapperText: string, env: Record<string, string> = {}) {
      const envFile = join(root, 'agent.env');
      const wrapper = join(root, 'wrapper');
      writeFileSync(envFile, `TEAMCTL_ROOT=${root}\n${envText}`);
      writeFileSync(wrapper, `#!/bin/sh\n${wrapperText}\n`, { mode: 0o755 });
      const args = [...(shell.endsWith('busybox') ? ['sh'] : []), launcherPath, envFile, wrapper, 'shop:dev'];
      return execa(shell, args, {
        cwd: root,
        env: { PATH: process.env.PATH, ...env },
        extendEnv: false,
        reject: false,
        timeout: 10_000,
      });
    }

    function end(): string {
      return readFileSync(join(root, 'state', 'muster', 'ends', 'shop-dev'), 'utf8');
    }

    it('exports every value exactly as it is written', async () => {
      const values = {
        A: '  two  words ',
        B: `it's "quoted" \\n \\`,
        C: '$HOME $(touch PWNED) `touch PWNED`',
        D: '# no comment; * ? [a] ~ !',
        E: 'a=b=c',
        F: '',
        G: '-n é\t日',
      };
      const text = Object.entries(values)
        .map(([name, value]) => `${name}=${value}\n`)
        .join('');

      const { stdout } = await launch(text, 'env -0');

      const seen = Object.fromEntries(
        stdout.split('\0').map((entry) => [entry.slice(0, 1), entry.slice(2)] as const),
      );
      expect(seen).toMatchObject(values);
      expect(existsSync(join(root, 'PWNED'))).toBe(false);
    });

    it('passes over lines that set nothing, and reads a last line that has no end', async () => {
      const { stdout } = await launch('no value\n\n# x=1\n=1\n1A=1\nA-B=1\nGOOD=yes', 'env');

      expect(stdout.split('\n').filter((line) => line.startsWith('GOOD='))).toEqual(['GOOD=yes']);
      expect(stdout).not.toMatch(/^(no value|# x|1A|A-B)/m);
    });

    it('calls the wrapper with the id, and ends as it ends', async () => {
      const result = await launch('', 'echo "called with $*"; exit 7');

      expect(result.stdout).toBe('called with shop:dev');
      expect(result.exitCode).toBe(7);
      expect(end()).toMatch(/^7 \d+\n$/);
    });

    it('writes down the signal that ended the wrapper', async () => {
      await launch('', 'kill -KILL $$');

      expect(end()).toMatch(/^137 \d+\n$/);
    });

    it('runs no program between an end and its record, and is at most two seconds behind', async () => {
      const before = Math.floor(Date.now() / 1000);
      const ran = join(root, 'ran');

      // Of what it runs afterwards it would find this one.
      await launch(
        '',
        `for name in date mkdir mv cat; do printf '#!/bin/sh\\necho %s >>${ran}\\n' $name >$name; chmod +x $name; done`,
        {
          PATH: `${root}:${process.env.PATH}`,
        },
      );

      expect(existsSync(ran)).toBe(false);
      const seconds = Number(end().split(' ')[1]);
      expect(seconds).toBeGreaterThanOrEqual(before - 2);
      expect(seconds).toBeLessThanOrEqual(Date.now() / 1000);
    });

    it('leaves what the wrapper itself has written down', async () => {
      await launch('', 'mkdir -p state/muster/ends; echo "3 1700000000" >state/muster/ends/shop-dev; exit 0');

      expect(end()).toBe('3 1700000000\n');
    });

    it('writes nothing anywhere for an agent of no team, and starts nothing without an env file', async () => {
      const result = await launch('TEAMCTL_ROOT=\n', 'echo started');
      const args = [...(shell.endsWith('busybox') ? ['sh'] : []), launcherPath];
      const without = await execa(shell, [...args, '/no/env', join(root, 'wrapper'), 'shop:dev'], {
        cwd: root,
        reject: false,
      });

      expect(result.stdout).toBe('started');
      expect(without).toMatchObject({ exitCode: 2, stdout: '', stderr: 'launcher: cannot read /no/env' });
      expect(readdirSync(root).sort()).toEqual(['agent.env', 'wrapper']);
    });

    it('says 127 when the wrapper is not there', async () => {
      const missing = join(root, 'nothing');
      writeFileSync(join(root, 'agent.env'), `TEAMCTL_ROOT=${root}\n`);
      const args = [
        ...(shell.endsWith('busybox') ? ['sh'] : []),
        launcherPath,
        join(root, 'agent.env'),
        missing,
        'shop:dev',
      ];

      const result = await execa(shell, args, { cwd: root, reject: false });

      expect(result.exitCode).toBe(127);
      expect(end()).toMatch(/^127 /);
    });
  });
}
