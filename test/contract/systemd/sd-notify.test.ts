import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createServiceManager } from '../../../src/supervisor/programs/sd-notify.ts';
import { backendSkip } from '../../fakes/required-backend.ts';
import {
  type SystemdManager,
  startSystemdManager,
  systemdMissing,
} from '../../fakes/systemd/systemd-manager.ts';
import { until } from '../../fakes/until.ts';

const { skip, reason } = backendSkip('systemd', systemdMissing());
const source = fileURLToPath(new URL('../../../src/supervisor/programs/sd-notify.ts', import.meta.url));

test('a process that no service manager keeps says nothing to anybody', async () => {
  const errors: Error[] = [];
  const manager = createServiceManager({ PATH: '/nowhere', WATCHDOG_USEC: '1000000' }, (error) =>
    errors.push(error),
  );
  await manager.ready();
  await manager.alive();
  await manager.stopping();

  expect(manager.watchdogMs).toBeUndefined();
  expect(errors).toEqual([]);
});

test('a service manager that cannot be told is complained about, and no more', async () => {
  const errors: Error[] = [];
  const manager = createServiceManager({ PATH: '/nowhere', NOTIFY_SOCKET: '/nowhere/notify' }, (error) =>
    errors.push(error),
  );
  await manager.alive();

  expect(errors).toHaveLength(1);
});

describe.skipIf(skip)(`a service of type notify${reason}`, () => {
  let systemd: SystemdManager;

  beforeAll(async () => {
    systemd = await startSystemdManager();
  });

  afterAll(() => systemd?.stop());

  /** Starts a unit whose process does this with its `manager`. */
  async function unit(name: string, script: string): Promise<(property: string) => Promise<string>> {
    const program = join(systemd.directory, `${name}.ts`);
    writeFileSync(
      program,
      `import { appendFileSync } from 'node:fs';
import { createServiceManager } from ${JSON.stringify(source)};
const said = (words: string) => appendFileSync(${JSON.stringify(join(systemd.directory, `${name}.said`))}, words + '\\n');
const manager = createServiceManager(process.env, (error) => said(error.message));
setInterval(() => undefined, 1000);
${script}
`,
    );
    const units = join(systemd.directory, 'home/.config/systemd/user');
    mkdirSync(units, { recursive: true });
    writeFileSync(
      join(units, `${name}.service`),
      `[Service]
Type=notify
NotifyAccess=all
WatchdogSec=5
TimeoutStartSec=15
Environment=PATH=${process.env.PATH}
ExecStart=${process.execPath} ${program}
`,
    );
    await systemd.systemctl('daemon-reload');
    await systemd.systemctl('start', '--no-block', `${name}.service`);
    return (property) => systemd.systemctl('show', `--property=${property}`, '--value', `${name}.service`);
  }

  const said = (name: string) => readFileSync(join(systemd.directory, `${name}.said`), 'utf8');

  test('is up when it says so, lives as long as it gives signs of life, and ends as one that was not', async () => {
    const show = await unit(
      'lively',
      `await manager.ready();
said('ready ' + manager.watchdogMs);
process.once('SIGUSR1', () => { clearInterval(signs); said('silent'); });
const signs = setInterval(() => void manager.alive(), 500);`,
    );
    await until('it is up', async () => (await show('ActiveState')) === 'active');
    const since = await show('WatchdogTimestampMonotonic');
    await until('it gave signs of life for longer than it may be silent', async () => {
      return Number(await show('WatchdogTimestampMonotonic')) - Number(since) > 6_000_000;
    });
    expect(await show('ActiveState')).toBe('active');
    expect(said('lively')).toBe('ready 5000\n');

    await systemd.systemctl('kill', '--signal=SIGUSR1', '--kill-whom=main', 'lively.service');
    await until('the watchdog has ended it', async () => (await show('Result')) === 'watchdog');
    expect(said('lively')).toBe('ready 5000\nsilent\n');
  });

  test('may wait for longer than a start may take, as long as it says so, and what for', async () => {
    const show = await unit(
      'patient',
      `const begun = Date.now();
const wait = async () => manager.waiting('Slack does not answer', 10_000);
await wait();
const waiting = setInterval(() => void wait(), 500);
process.once('SIGUSR1', () => {
  clearInterval(waiting);
  void manager.ready().then(() => said('ready after more than 15 s: ' + (Date.now() - begun > 15_000)));
});`,
    );
    await until(
      'it says what it waits for',
      async () => (await show('StatusText')) === 'Slack does not answer',
    );
    const since = Number(await show('ExecMainStartTimestampMonotonic'));
    await until('it could long have been ended', () => uptimeUs() - since > 20_000_000, 40_000);
    expect(await show('ActiveState')).toBe('activating');

    await systemd.systemctl('kill', '--signal=SIGUSR1', '--kill-whom=main', 'patient.service');
    await until('it is up', async () => (await show('ActiveState')) === 'active');
    expect(await show('StatusText')).toBe('');
    expect(said('patient')).toBe('ready after more than 15 s: true\n');
  });

  test('says when it stops by itself', async () => {
    const show = await unit('leaving', 'await manager.ready();\nawait manager.stopping();');

    await until('it is on its way out', async () => (await show('ActiveState')) === 'deactivating');
  });
});

/** The clock that systemd counts by. */
function uptimeUs(): number {
  return Number(process.hrtime.bigint() / 1000n);
}
