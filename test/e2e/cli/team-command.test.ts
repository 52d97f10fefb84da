import { describe, expect, test } from 'vitest';
import { otherModel, projectFile } from '../../fakes/bot/e2e-agents.ts';
import { startE2eHostForTest } from '../../fakes/bot/e2e-host.ts';
import { until } from '../../fakes/until.ts';

const shop = projectFile('shop', {
  managers: { lead: 'polite' },
  workers: { pay: 'polite', mule: 'stubborn' },
});
const projects = { shop };

describe('without Slack', () => {
  test('the host command starts a team, shows it, and finds nothing to do the second time', async () => {
    const host = await startE2eHostForTest({ projects });
    // What is wrong with Slack's settings is no reason not to answer.
    host.env.SLACK_BOT_TOKEN = 'none of Slack’s';

    const begun = await host.type('reload');
    const again = await host.type('reload', 'shop');
    const status = await host.type('status');

    expect(begun.stderr).toBe('');
    expect(begun.code).toBe(0);
    expect(begun.stdout).toMatch(/^Reloading the whole team: 3 new\. Asked by\s\S+@\S+\sO-\w{6}$/m);
    expect(begun.stdout).toMatch(/^\d\d:\d\d:\d\d {2}shop:pay {3}up$/m);
    expect(begun.stdout).toMatch(/^Reloaded the whole team: 3 started\. O-\w{6} took [\d.]+ s\.$/m);
    expect(again).toMatchObject({
      code: 0,
      stdout: 'shop is up to date: 3 agents running, nothing changed.\n',
    });
    expect(status.stdout).toMatch(/: 3 of 3 running$/m);
    expect(status.stdout).toMatch(/^shop:mule {2}running \d.*$/m);
    expect(begun.stdout + status.stdout).not.toMatch(/.{81}/);
  });

  test('a dry run touches nothing, and a program can read it', async () => {
    const host = await startE2eHostForTest({ projects });
    await host.type('reload');
    const pid = host.team.pid('shop:pay');
    host.team.edit('shop', otherModel('pay'));

    const { code, stdout } = await host.type('reload', 'shop', '--dry-run', '--json');

    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ verb: 'reload', selection: 'shop', touches: 1 });
    expect(JSON.parse(stdout).steps).toContainEqual({
      agent: 'shop:pay',
      action: 'replace',
      why: ['env'],
      budgetMs: 1000,
    });
    expect(host.team.pid('shop:pay')).toBe(pid);
    expect(JSON.parse((await host.type('history', '--json')).stdout).operations).toHaveLength(1);
  });

  test('an agent that had to be killed is the first thing in the verdict, and on record with its receipt', async () => {
    const host = await startE2eHostForTest({ projects });
    await host.type('reload');

    const drained = await host.type('drain', 'shop:mule');

    expect(drained.code).toBe(3);
    const verdict = drained.stdout.slice(
      drained.stdout.indexOf('\n\n', drained.stdout.indexOf('asked to stop')),
    );
    expect(verdict.replace(/\s+/g, ' ')).toMatch(
      /^ ✗ shop:mule had to be killed \(TimedOutKilled\): it did not stop within its 1 s budget\. Receipt R-\w+-1\. TimedOutKilled: the agent was asked to stop, .* 1 agent had to be killed \(TimedOutKilled\)\. Drained shop:mule: 1 stopped\./,
    );
    const receipt = /R-\w{6}-1/.exec(verdict)?.[0];
    const history = JSON.parse((await host.type('history', 'shop', '--json')).stdout);
    expect(history.operations[0]).toMatchObject({
      text: 'muster drain shop:mule',
      agents: [{ agent: 'shop:mule', receipt, stop: { outcome: 'TimedOutKilled', budgetMs: 1000 } }],
    });
    const timeline = await host.type('history', 'shop', '--since', '1h', '--markdown');
    expect(timeline.stdout).toMatch(
      /^# shop on \S+ \(times are UTC\S*\)\n\n- \*\*\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\*\* muster reload/,
    );
    expect(timeline.stdout).toContain(
      `  - shop:mule: killed (TimedOutKilled: it did not stop within its 1 s budget); receipt ${receipt}`,
    );
    expect((await host.type('why', 'shop:mule')).stdout.replace(/\s+/g, ' ')).toContain(
      `receipt ${receipt}.`,
    );
    expect((await host.type('status')).stdout).toMatch(
      /^shop:mule {2}left down {13}last stop TimedOutKilled, \d/m,
    );
  });

  test('down asks first; where nobody can answer it refuses and kills nothing', async () => {
    const host = await startE2eHostForTest({ projects });
    await host.type('reload');
    const pid = host.team.pid('shop:mule');

    const refused = await host.type('down', 'shop:mule');

    expect(refused.code).toBe(1);
    expect(refused.stdout).toMatch(/^Hard down of shop:mule on \S+\?\sNo\sdrain:/);
    expect(refused.stdout).toMatch(/^ {2}shop:mule {2}running, up .*: killed at once;/m);
    expect(refused.stdout).toMatch(/^Nothing was touched\.$/m);
    expect(refused.stderr).toContain('--yes agrees to it beforehand');
    expect(host.team.pid('shop:mule')).toBe(pid);

    expect((await host.type('down', 'shop:mule', '--yes')).code).toBe(0);
    expect(host.team.pid('shop:mule')).toBeUndefined();
    expect((await host.type('reload', 'shop')).stdout).toContain('shop:mule  left alone: left down by ');
  });

  test('every attempt is in the audit, with the person, the operation and the outcome', async () => {
    const host = await startE2eHostForTest({ projects });
    host.env.SUDO_USER = 'ana';
    await host.type('up', 'shop:pay');
    await host.type('drain', 'shop:pya');

    const entries = JSON.parse((await host.type('audit', '--since', '1h', '--json')).stdout);

    expect(entries).toMatchObject([
      {
        person: expect.stringMatching(/^ana@/),
        team: 'host',
        channel: 'terminal',
        text: 'muster up shop:pay',
        decision: 'allowed',
        outcome: 'done',
        operation: expect.stringMatching(/^O-/),
      },
      {
        text: 'muster drain shop:pya',
        outcome: 'There is no agent shop:pya. Did you mean shop:pay?',
      },
      { text: 'muster audit --since 1h --json' },
    ]);
  });

  test('looking makes no journal, and needs none', async () => {
    const host = await startE2eHostForTest({ projects });

    const status = await host.type('status');
    const history = await host.type('history');
    const plan = await host.type('reload', 'shop', '--dry-run');

    expect(status.code).toBe(0);
    expect(status.stdout).toContain('0 of 3 running · 3 stopped');
    expect(status.stdout).not.toContain('unknown');
    expect([history.code, plan.code]).toEqual([0, 0]);
    expect(history.stderr).toMatch(/^There is no journal\s/);
    expect(plan.stdout).toMatch(/shop:pay/);
    expect(() => host.team.read('state/muster/journal.db')).toThrow(/ENOENT/);
  });

  test('what is not understood is usage, and touches nothing', async () => {
    const host = await startE2eHostForTest({ projects });

    const { code, stderr } = await host.type('dran', 'shop');

    expect(code).toBe(2);
    expect(stderr).toBe(
      'There is no verb dran. Did you mean drain?\nNothing was touched. All verbs: muster help\n',
    );
  });
});

describe('Ctrl-C', () => {
  test('pauses: what runs comes to its end, and the next command goes on with the rest', async () => {
    const host = await startE2eHostForTest({ projects, drainSeconds: 3 });
    await host.type('reload');
    const lead = host.team.pid('shop:lead');

    const drain = host.begin('drain', 'shop');
    await drain.prints(/shop:mule {2}asked to stop/);
    // The terminal sends it to all, and npm passes it on: one press, two signals.
    drain.process.kill('SIGINT');
    drain.process.kill('SIGINT');
    await drain.prints(/Pausing: nothing new begins/);

    expect(await drain.ended()).toBe(130);
    expect(drain.stdout()).toMatch(/shop:mule {2}TimedOutKilled after/);
    expect(drain.stdout().replace(/\s+/g, ' ')).toMatch(
      /Paused in the middle of O-\w+: shop:lead of shop wait\./,
    );
    expect(host.team.pid('shop:lead')).toBe(lead);

    const next = await host.type('up', 'shop:lead');
    expect(next.stdout.replace(/\s+/g, ' ')).toMatch(
      /^First what a Muster left that ended in the middle of it: muster drain shop \(O-/,
    );
    expect(next.stdout).toMatch(/shop:lead {2}stopped \(Graceful\)/);
    expect(next.stdout).toMatch(/^Brought up shop:lead: 1 started\./m);
    expect(next.code).toBe(0);
    expect(host.team.lives('shop:lead')).toHaveLength(2);
  });

  test('once more leaves at once, and loses nothing', async () => {
    const host = await startE2eHostForTest({ projects, drainSeconds: 5 });
    await host.type('reload');

    const drain = host.begin('drain', 'shop:mule');
    await drain.prints(/shop:mule {2}asked to stop/);
    drain.process.kill('SIGINT');
    await drain.prints(/Pausing/);
    await until('it has left', () => {
      drain.process.kill('SIGINT');
      return drain.process.exitCode !== null;
    });
    expect(await drain.ended()).toBe(130);
    expect(drain.stderr()).toContain('Left in the middle.');

    const next = await host.type('drain', 'shop:mule');
    expect(next.stdout).toMatch(/shop:mule had to be killed \(TimedOutKilled\)/);
    expect(next.stdout).toMatch(/^shop:mule is stopped already: nothing to do\.$/m);
    const { operations } = JSON.parse((await host.type('history', '--json')).stdout);
    const kills = JSON.stringify(operations).match(/"receipt":"R-/g);
    expect(kills).toHaveLength(1);
  });
});

test('in a terminal a person is asked, sees what would be killed, and answers; Ctrl-C is a key there, and no signal to every program under way', async () => {
  const host = await startE2eHostForTest({ projects, drainSeconds: 3 });
  await host.type('reload');
  const pid = host.team.pid('shop:pay');
  const screen = await host.openScreen();

  await screen.type('down shop:pay');
  await screen.shows(/shop:pay {2}running, up .*: killed at once;[\s\S]*Do this\? \[y\/N\]$/);
  await screen.key('n', 'Enter');
  await screen.shows(/Nothing was touched\.\s+code=1/);
  expect(host.team.pid('shop:pay')).toBe(pid);

  await screen.type('down shop:pay');
  await screen.shows(/Do this\? \[y\/N\]$/);
  await screen.key('y', 'Enter');
  await screen.shows(/Hard down of shop:pay: 1 killed\.[\s\S]*code=0/);
  expect(host.team.pid('shop:pay')).toBeUndefined();

  await screen.type('drain shop');
  await screen.shows(/shop:mule {2}asked to stop/);
  await screen.key('C-c');
  await screen.shows(
    /Pausing: nothing new begins[\s\S]*TimedOutKilled after \d[\s\S]*Paused in the middle of [\s\S]*code=130/,
  );
  expect(host.team.pid('shop:lead')).toBeDefined();
  // A terminal that sends the signal to everybody shows the key.
  expect(await screen.text()).not.toContain('^C');
});
