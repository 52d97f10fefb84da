import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, describe, expect, it } from 'vitest';
import type { AgentSpec } from '../../../src/domain/agent.ts';
import { jobOf, plistText } from '../../../src/supervisor/launchd/job.ts';
import { createLaunchdHarness } from '../../fakes/launchd/launchctl-harness.ts';
import { refused } from '../../fakes/launchd/launchctl-launchd.ts';
import { isRunning, programs } from '../../fakes/team/agent-tree-on-disk.ts';
import { until } from '../../fakes/until.ts';

type Harness = Awaited<ReturnType<typeof createLaunchdHarness>>;

/** Leaves the starting again to launchd. */
const runOnce = '#!/bin/sh\nPROGRAM\n';
/** Starts the agent again whatever happens, as teamctl's does. */
const endless = '#!/bin/sh\ntrap : INT\nwhile true; do PROGRAM; sleep 5; done\n';
const ampleMs = 20_000;

describe('agents as jobs of launchd', () => {
  let harness: Harness;

  afterEach(() => harness.stop());

  async function launchd(options: Parameters<typeof createLaunchdHarness>[0] = {}): Promise<void> {
    harness = await createLaunchdHarness(options);
  }

  async function started(program: string, more: Parameters<Harness['agent']>[2] = {}): Promise<AgentSpec> {
    const agent = harness.agent('dev', program, more);
    await harness.supervisor.up(agent);
    await until('it is ready', () => harness.isReady(agent));
    return agent;
  }

  function job(agent: AgentSpec) {
    return harness.launchd.jobs().get(jobOf(harness.root, agent).label);
  }

  const observation = async (agent: AgentSpec) => (await harness.supervisor.observe([agent])).get(agent.id);

  it('one that dies is started again by launchd, and is restarting until then', async () => {
    await launchd();
    const agent = await started('polite', { wrapper: runOnce });
    const first = harness.pidOf(agent) ?? 0;

    process.kill(first, 'SIGKILL');
    await until('launchd has seen it', () => job(agent)?.state === 'spawn scheduled');
    expect(await observation(agent)).toMatchObject({
      state: 'stopped',
      restarting: true,
      lastEnd: { kind: 'signalled', signal: 'KILL' },
    });

    job(agent)?.start(); // The 10 s are over.
    await until('another runs', () => harness.pidOf(agent) !== first && harness.isReady(agent));
    expect(job(agent)?.runs).toBe(2);
    expect((await observation(agent))?.state).toBe('running');
  });

  it('one that ended well by itself is started again too', async () => {
    await launchd({ secondMs: 1 });
    const agent = await started('echo $$ >$0.pid; sleep 1; exit 0', { wrapper: runOnce });

    await until('it has run again', () => (job(agent)?.runs ?? 0) > 1);
    expect(job(agent)?.lastStatus).not.toBe('0');
  });

  it('a drain while it waits to be started again asks nobody, and it stays down', async () => {
    await launchd();
    const agent = await started('polite', { wrapper: runOnce });
    process.kill(harness.pidOf(agent) ?? 0, 'SIGKILL');
    await until('launchd has seen it', () => job(agent)?.state === 'spawn scheduled');

    const result = await harness.supervisor.drain(agent, { budgetMs: ampleMs });

    expect(result).toMatchObject({ outcome: 'Graceful', signals: [] });
    expect(job(agent)).toBeUndefined();
    expect(await observation(agent)).toMatchObject({ state: 'stopped', restarting: false });
  });

  it('one that was asked is not started again, even if nobody is left to tell launchd', async () => {
    await launchd({ secondMs: 1 });
    const agent = await started('polite', { wrapper: runOnce });

    process.kill(-(job(agent)?.pid ?? 0), 'SIGINT');

    await until('it has gone', () => job(agent)?.pid === undefined);
    expect(job(agent)).toMatchObject({ state: 'not running', lastStatus: '0', runs: 1 });
    expect(await observation(agent)).toMatchObject({ state: 'stopped', restarting: false });
    await harness.supervisor.up(agent);
    expect((await observation(agent))?.state).toBe('running');
  });

  it('the endless loop of a foreign wrapper does not cheat a drain', async () => {
    await launchd({ secondMs: 1 });
    const agent = await started('polite', { wrapper: endless });

    const result = await harness.supervisor.drain(agent, { budgetMs: ampleMs });

    expect(result).toMatchObject({ outcome: 'Graceful', survivors: [] });
    expect(result.signals.map(({ signal }) => signal)).toEqual(['C-c']);
    expect(job(agent)).toBeUndefined();
  });

  it.skipIf(process.platform !== 'linux')(
    'what has left the session of its job is stopped with it',
    async () => {
      await launchd();
      const escapee = `setsid sh -c 'trap "" INT TERM HUP; echo $$ >"$1.child"; exec sleep 1000' x "$0" & ${programs.polite}`;
      const agent = await started(escapee);
      const child = Number(
        await until('the child is there', () => {
          const file = join(harness.root, 'programs', 'shop-dev.child');
          return existsSync(file) && readFileSync(file, 'utf8').trim();
        }),
      );

      const result = await harness.supervisor.drain(agent, { budgetMs: 500 });

      expect(result).toMatchObject({ outcome: 'TimedOutKilled', survivors: [] });
      expect(isRunning(child)).toBe(false);
    },
  );

  it('up says what the agent printed, how it ended, and what launchd has to say', async () => {
    await launchd();
    const agent = harness.agent('dev', 'dies-at-once', { wrapper: runOnce });

    await expect(harness.supervisor.up(agent)).rejects.toMatchObject({
      message: expect.stringMatching(
        /^shop:dev ended right after its start \(exit code 7\); it will be tried again; launchd says: state spawn scheduled, last exit code 7/,
      ),
      lastLines: ['cannot find my key'],
    });
    await harness.supervisor.down(agent);
    expect(job(agent)).toBeUndefined();
  });

  it('what would fail at every start is refused before launchd is told', async () => {
    await launchd();
    const agent = harness.agent('dev', 'polite');

    await expect(harness.supervisor.up({ ...agent, cwd: '/no/such' })).rejects.toThrow('its directory');
    await expect(harness.supervisor.up({ ...agent, wrapper: '/no/such' })).rejects.toThrow('its wrapper');
    await expect(harness.supervisor.up({ ...agent, envFile: '/no/such' })).rejects.toThrow('its env file');
    expect(harness.launchd.asked).toEqual([]);
  });

  it('values and paths reach the agent unchanged, and no stranger can read the plist', async () => {
    await launchd({ rootName: 'R&D <team> "1" $HOME' });
    const values = { A: 'a b', Q: `it's "x" & <y>`, D: '$HOME;*#', T: 'tail;' };
    const dump = 'env >$0.env; pwd >$0.cwd;';
    const agent = await started(`${dump} ${programs.polite}`, { env: values });

    const file = join(harness.root, 'programs', 'shop-dev');
    for (const [name, value] of Object.entries(values))
      expect(readFileSync(`${file}.env`, 'utf8')).toContain(`\n${name}=${value}\n`);
    expect(readFileSync(`${file}.cwd`, 'utf8')).toBe(`${harness.root}\n`);
    expect(statSync(jobOf(harness.root, agent).plist).mode & 0o777).toBe(0o600);
    expect(JSON.stringify(harness.launchd.asked)).not.toContain('it');
    expect((await harness.supervisor.drain(agent, { budgetMs: ampleMs })).outcome).toBe('Graceful');
  });

  it('many are observed with one question', async () => {
    await launchd();
    const agent = await started('polite');
    const all = [agent, ...['a', 'b', 'c'].map((name) => harness.agent(name, 'polite'))];
    const before = harness.launchd.asked.length;

    const seen = await harness.supervisor.observe(all);

    expect([...seen.values()].map(({ state }) => state)).toEqual([
      'running',
      'stopped',
      'stopped',
      'stopped',
    ]);
    expect(harness.launchd.asked.slice(before)).toEqual([['print', harness.launchd.domain]]);
  });

  it('a label that launchd has not let go of yet is waited for', async () => {
    await launchd();
    let refusals = 3;
    harness.launchd.fault = ([verb]) =>
      verb === 'bootstrap' && refusals-- > 0
        ? refused(5, 'Bootstrap failed: 5: Input/output error')
        : undefined;

    const agent = await started('polite');

    expect((await observation(agent))?.state).toBe('running');
  });

  it('a bootout that is still under way is no complaint; one that fails is', async () => {
    await launchd();
    const agent = await started('polite');
    harness.launchd.fault = (args) => {
      if (args[0] !== 'bootout') return undefined;
      job(agent)?.remove();
      return refused(36, 'Boot-out failed: 36: Operation now in progress');
    };
    expect((await harness.supervisor.down(agent)).complaints).toBeUndefined();

    await harness.supervisor.up(agent);
    harness.launchd.fault = ([verb]) =>
      verb === 'bootout' ? refused(150, 'Boot-out failed: 150: Operation not permitted') : undefined;
    expect((await harness.supervisor.drain(agent, { budgetMs: ampleMs })).complaints?.[0]).toBe(
      'launchctl bootout: Boot-out failed: 150: Operation not permitted',
    );
    harness.launchd.fault = () => undefined;
  });
});

describe('launchd that cannot be asked', () => {
  let harness: Harness;

  afterEach(() => harness.stop());

  it('is unknown, with the reason, and nobody is harmed', async () => {
    harness = await createLaunchdHarness();
    const agent = harness.agent('dev', 'polite');
    await harness.supervisor.up(agent);
    await until('it is ready', () => harness.isReady(agent));
    const impatient = harness.supervisorWith({ observeTimeoutMs: 300, commandTimeoutMs: 300 });
    const reason = async (supervisor = impatient) => (await supervisor.observe([agent])).get(agent.id);

    harness.launchd.fault = () => 'never';
    expect(await reason()).toEqual({
      state: 'unknown',
      reason: 'launchctl print did not answer within 0.3 s',
    });
    await expect(impatient.drain(agent, { budgetMs: 0 })).rejects.toThrow(
      'cannot stop shop:dev: launchctl print',
    );
    await expect(impatient.down(agent)).rejects.toThrow('cannot stop shop:dev');
    await expect(impatient.up(agent)).rejects.toThrow('cannot start shop:dev');

    harness.launchd.fault = () => refused(125, 'Domain does not support specified action');
    expect(await reason()).toMatchObject({
      state: 'unknown',
      reason: expect.stringContaining('is this user logged in'),
    });

    harness.launchd.fault = () => undefined;
    const without = harness.supervisorWith({ env: { PATH: '/no/such' } });
    expect(await reason(without)).toEqual({
      state: 'unknown',
      reason: 'launchctl print: there is no launchctl on the PATH',
    });
    expect(harness.lives(agent)).toBe(true);
  });
});

describe('the stand-in for launchd', () => {
  let harness: Harness;

  afterEach(() => harness.stop());

  it('kills what outlives ExitTimeOut, refuses a label that is taken, and knows no job that has gone', async () => {
    harness = await createLaunchdHarness({ secondMs: 300 });
    const ready = join(harness.root, 'ready');
    const plist = join(harness.root, 'stubborn.plist');
    const job = {
      Label: 'stubborn',
      ProgramArguments: ['/bin/sh', '-c', 'trap "" TERM; echo $$ >"$0"; while true; do sleep 1; done', ready],
      WorkingDirectory: harness.root,
      EnvironmentVariables: harness.env,
      StandardOutPath: '/dev/null',
      StandardErrorPath: '/dev/null',
      RunAtLoad: true,
      ExitTimeOut: 1,
    };
    writeFileSync(plist, plistText(job));
    const { domain } = harness.launchd;
    const target = `${domain}/stubborn`;

    expect(await harness.launchctl('print', target)).toMatchObject({ code: 113 });
    expect(await harness.launchctl('bootout', target)).toMatchObject({ code: 3 });
    expect(await harness.launchctl('bootstrap', domain, plist)).toMatchObject({ code: 0 });
    await until('it runs', () => existsSync(ready) && readFileSync(ready, 'utf8'));
    expect(await harness.launchctl('bootstrap', domain, plist)).toMatchObject({ code: 5 });
    expect(await harness.launchctl('bootout', target)).toMatchObject({ code: 0 });
    expect((await harness.launchctl('print', target)).stdout).toContain('\tstate = SIGTERMed\n');

    await until('it has gone', async () => (await harness.launchctl('print', target)).code === 113);
    expect(isRunning(Number(readFileSync(ready, 'utf8')))).toBe(false);
  });
});
