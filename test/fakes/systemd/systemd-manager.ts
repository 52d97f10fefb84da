import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

/** A systemd user manager of a test's own. */
export interface SystemdManager {
  /** A private directory, canonical; a good place for everything else of the test. */
  readonly directory: string;
  /** Leads systemctl and journalctl to this manager. */
  readonly env: Record<string, string>;
  /** Its pid. */
  pid(): number;
  systemctl(...args: string[]): Promise<string>;
  /** Names of the units of ours that it has loaded. */
  units(): Promise<string[]>;
  /** What a power cut and the boot after it come to: all that it ran is gone at once, and it starts what is enabled. */
  reboot(): Promise<void>;
  /** Ends it with everything that it runs, and removes the directory. */
  stop(): Promise<void>;
}

const keeper = fileURLToPath(new URL('./systemd-manager.sh', import.meta.url));

/** Why there can be no such manager on this host, or nothing. */
export function systemdMissing(): string | undefined {
  if (process.platform !== 'linux') return 'systemd is part of Linux';
  for (const program of ['/lib/systemd/systemd', '/lib/systemd/systemd-journald']) {
    if (!existsSync(program)) return `there is no ${program}; install systemd`;
  }
  if (process.getuid?.() !== 0) return 'only root may start a manager in a mount namespace of its own';
  const unshared = spawnSync('unshare', ['--mount', '--cgroup', 'true'], { encoding: 'utf8' });
  if (unshared.status !== 0)
    return `no namespaces here: ${unshared.stderr?.trim() || unshared.error?.message}`;
  return undefined;
}

export async function startSystemdManager(): Promise<SystemdManager> {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'muster-systemd-')));
  for (const folder of ['home', 'run', 'bin']) mkdirSync(join(directory, folder), { mode: 0o700 });
  const process_ = spawn('unshare', ['--mount', 'sh', keeper, directory], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: process_.stdout })[Symbol.asyncIterator]();
  let pid = 0;
  await ready();

  /** The journal lies where only the manager's own namespace shows it. */
  async function ready(): Promise<void> {
    const said: string[] = [];
    for (pid = 0; pid === 0; ) {
      const { value: line, done } = await lines.next();
      if (done) throw new Error(`systemd did not start: ${said.join('\n')}`);
      said.push(line);
      pid = Number(/^ready (\d+)$/.exec(line)?.[1] ?? 0);
    }
    writeFileSync(
      join(directory, 'bin', 'journalctl'),
      `#!/bin/sh\nPATH="\${PATH#*:}" exec nsenter --target ${pid} --mount -- journalctl "$@"\n`,
      { mode: 0o755 },
    );
  }

  const env = {
    PATH: `${join(directory, 'bin')}:${process.env.PATH ?? '/usr/bin:/bin'}`,
    HOME: join(directory, 'home'),
    SHELL: '/bin/sh',
    LANG: 'C.UTF-8',
    XDG_RUNTIME_DIR: join(directory, 'run'),
  };
  const systemctl = async (...args: string[]) =>
    (await execa('systemctl', ['--user', '--no-pager', ...args], { env, extendEnv: false, timeout: 10_000 }))
      .stdout;

  return {
    directory,
    env,
    pid: () => pid,
    systemctl,
    async units() {
      const list = JSON.parse(await systemctl('list-units', '--all', '--output=json', 'muster-*'));
      return list.map(({ unit }: { unit: string }) => unit);
    },
    async reboot() {
      process_.stdin.write('\n');
      await ready();
    },
    async stop() {
      process_.stdin.end();
      if (process_.exitCode === null) await once(process_, 'exit');
    },
  };
}
