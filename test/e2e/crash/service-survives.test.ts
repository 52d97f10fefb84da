import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { read } from '../../fakes/bot/busy-people.ts';
import { projectFile } from '../../fakes/bot/e2e-agents.ts';
import { backendSkip } from '../../fakes/required-backend.ts';
import { type ServiceHost, startServiceHost } from '../../fakes/systemd/service-host.ts';
import { systemdMissing } from '../../fakes/systemd/systemd-manager.ts';
import { until } from '../../fakes/until.ts';

const { skip, reason } = backendSkip('systemd', systemdMissing());
const agents = ['shop:pay', 'shop:cart', 'shop:mule'];

/** systemd waits 5 s before each new start, and a host may be busy. */
const timeout = 180_000;

describe.skipIf(skip)(`Muster as a service survives${reason}`, { timeout }, () => {
  let host: ServiceHost;

  beforeAll(async () => {
    host = await startServiceHost({
      projects: {
        shop: projectFile('shop', { workers: { pay: 'polite', cart: 'polite', mule: 'stubborn' } }),
      },
      drainSeconds: 15,
    });
  });
  afterAll(() => host?.stop());

  const pids = () => agents.map((id) => host.team.pid(id));
  const lives = () => agents.map((id) => host.team.lives(id).length);
  const journal = <Row>(query: string) => read<Row>(join(host.team.root, 'state/muster/journal.db'), query);

  /** Has an operation begin with its drain of the mule, which takes all of its 15 s; gives its message. */
  async function inTheMidstOf(command: string) {
    const noted = () => journal(`select 1 from events where kind = 'noted' and agent = 'shop:mule'`).length;
    const before = noted();
    const card = await host.say(command, /shop:mule/);
    await until('the mule has been asked to stop', () => noted() > before);
    return card;
  }

  async function readsOnce({ ts }: { readonly ts: string }, wanted: RegExp): Promise<void> {
    const { slack } = host;
    const ended = / · (O-\w+) · took /;
    const message = await slack.waitForMessage((each) => each.ts === ts && ended.test(host.text(each)), {
      timeoutMs: 60_000,
    });
    expect(host.text(message)).toMatch(wanted);
    const [, operation] = ended.exec(host.text(message)) ?? [];
    const own = slack.messages('ops').filter((each) => host.text(each).includes(`· ${operation} ·`));
    expect(own).toHaveLength(1);
    await allTold();
  }

  async function allTold(): Promise<void> {
    const isTold = () => journal('select 1 from operations where told_at is null').length === 0;
    await until('all is told', isTold, 30_000);
  }

  test('all else once muster setup has installed it: a team is brought up', async () => {
    expect(await host.setUp('first').ended()).toBe(0);
    await host.say('/team up shop', /Brought up shop: 3 started/);
  });

  test('a kill -9 in the midst of a drain: it is back by itself, goes on in the same message, and no other agent notices', async () => {
    const [bot, before] = [await host.pid(), pids()];

    const card = await inTheMidstOf('/team drain shop:mule');
    process.kill(bot, 'SIGKILL');
    await host.next(bot);

    await readsOnce(card, /shop:mule had to be killed \(TimedOutKilled\): it did not stop within its 15 s/);
    expect(pids()).toEqual([...before.slice(0, 2), undefined]);
    expect(lives()).toEqual([1, 1, 1]);
    expect(readFileSync(host.endsFile, 'utf8')).toBe('signal KILL\n');
  });

  test('a reboot: it is back by itself, starts no agent unasked, not even one it was about to, and the alert has [Reload]', async () => {
    const { manager, slack } = host;
    await host.say('/team up shop:mule', /Brought up shop:mule/);
    const before = lives();

    const card = await inTheMidstOf('/team restart shop:mule');
    await manager.reboot();
    const alert = await slack.waitForMessage((message) => /has started anew/.test(host.text(message)), {
      timeoutMs: 60_000,
    });

    await readsOnce(card, /the host was rebooted meanwhile, and nothing is started unasked/);
    expect(host.text(alert)).toMatch(/Muster starts none of them unasked/);
    expect(lives()).toEqual(before);
    expect(pids()).toEqual([undefined, undefined, undefined]);
    await slack.press('ana', alert, 'alert_reload');
    await until('all agents run again', () => pids().every((pid) => pid !== undefined), 30_000);
    expect(lives()).toEqual(before.map((count) => count + 1));
    await allTold();
  });

  test('an upgrade: the newer one takes up the journal of the older, and no agent notices', async () => {
    await host.say('/team drain shop:cart', /Graceful/);
    await host.say('/team mute shop 30m', /until/);
    const kept = () =>
      Object.fromEntries(
        ['operations', 'events', 'receipts', 'wanted', 'mutes', 'audit'].map((table) => [
          table,
          journal(`select * from ${table}`),
        ]),
      );
    const version = () => journal<{ user_version: number }>('pragma user_version')[0]?.user_version ?? 0;
    const [bot, before, journalBefore, versionBefore] = [await host.pid(), pids(), kept(), version()];
    expect(Object.entries(journalBefore).filter(([, rows]) => rows.length === 0)).toEqual([]);

    addMigration(host.checkout);
    expect(await host.setUp().ended()).toBe(0);
    await host.next(bot);

    expect(version()).toBe(versionBefore + 1);
    expect(journal('select * from of_the_newer')).toEqual([{ operations: journalBefore.operations?.length }]);
    expect(kept()).toEqual(journalBefore);
    expect(pids()).toEqual(before);
    await host.say('/team status shop', /2 of 3 running(?:.|\n)*by @ana/);
    await host.say('/team reload shop', /left down/);
    expect(pids()).toEqual(before);
  });
});

/** As a release does whose journal has changed. */
function addMigration(checkout: string): void {
  const path = join(checkout, 'src/journal/schema.ts');
  const older = readFileSync(path, 'utf8');
  const statements = `create table of_the_newer (operations integer) strict;
    insert into of_the_newer select count(*) from operations;`;
  const newer = older.replace(/\];\n$/, () => `  \`${statements}\`,\n];\n`);
  expect(newer).not.toBe(older);
  writeFileSync(path, newer);
}
