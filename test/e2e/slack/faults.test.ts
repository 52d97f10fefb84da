import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { busyProject, keepBusy } from '../../fakes/bot/busy-people.ts';
import { projectFile, writeTeam } from '../../fakes/bot/e2e-agents.ts';
import { startE2eBotForTest } from '../../fakes/bot/e2e-bot.ts';
import { insideOf } from '../../fakes/bot/inside-the-bot.ts';
import { postedIds } from '../../fakes/bot/posted-ids.ts';
import { rounds } from '../../fakes/rounds.ts';
import { until } from '../../fakes/until.ts';

const projects = ['alpha', 'bravo', 'charlie', 'delta'];
/** Nobody may ask more than twenty times a minute. */
const typistsEach = 5;
const typist = (project: string, turn: number) => `${project}${turn % typistsEach}`;
const typists = projects.flatMap((project) =>
  Array.from({ length: typistsEach }, (_, turn) => typist(project, turn)),
);
const seconds = rounds('seconds of commands under faults of Slack', { test: 8, soak: 60 });

test(
  'under every fault of Slack each command has exactly one effect and one answer, which is true',
  async () => {
    const settings: NodeJS.ProcessEnv = {};
    const bot = await startE2eBotForTest({
      team(directory) {
        settings.NODE_OPTIONS = insideOf(directory).option;
        return writeTeam(directory, {
          projects: Object.fromEntries(projects.map((id) => [id, busyProject(id)])),
          drainSeconds: 30,
        });
      },
      operators: typists,
      settings,
      slack: { people: [...typists, 'dee'].map((name) => ({ name })) },
    });
    const { slack, team } = bot;
    const neighbours = projects.map((id) => team.pid(`${id}:b`));
    const posted = postedIds(slack);
    slack.faults.add({ kind: 'rate-limited', every: 10, retryAfterSeconds: 1 });
    slack.faults.add({ kind: 'server-error', every: 20, accepted: true });
    // Within seconds the two above may strike none of the calls that could be doubled.
    slack.faults.add({ kind: 'server-error', every: 4, accepted: true, method: 'chat.postMessage' });
    slack.faults.add({ kind: 'duplicate-envelope' });
    const dropping = setInterval(
      () => {
        for (const socket of slack.sockets) socket.drop();
      },
      Math.min(5000, (seconds * 1000) / 4),
    );
    const endsAt = Date.now() + seconds * 1000;

    const { acked, wrong } = await keepBusy(
      { slack, team, journalFile: join(team.root, 'state/muster/journal.db') },
      { projects, typist, goesOn: () => Date.now() < endsAt },
    ).finally(() => clearInterval(dropping));

    expect(wrong).toEqual([]);
    expect(acked).toBeGreaterThanOrEqual(projects.length);
    expect(posted.twice()).toEqual([]);
    expect(projects.map((id) => team.pid(`${id}:b`))).toEqual(neighbours);
  },
  (seconds + 60) * 1000,
);

test('a forced kill in an outage longer than all tries is told once when Slack is back, also by the next Muster', async () => {
  const settings: NodeJS.ProcessEnv = {};
  const bot = await startE2eBotForTest({
    team(directory) {
      settings.NODE_OPTIONS = insideOf(directory, 20).option;
      return writeTeam(directory, {
        projects: { shop: projectFile('shop', { workers: { mule: 'stubborn' } }) },
      });
    },
    settings,
  });
  const { slack, team } = bot;
  const untold = () => read(join(team.root, 'state/muster/journal.db'));
  const posted = postedIds(slack);
  const card = await bot.say('ana', '/team drain shop:mule 1s');
  await bot.edited(card, (text) => text.includes('draining'));
  const outage = slack.faults.add({ kind: 'server-error', accepted: false });

  await bot.idle();
  expect(team.pid('shop:mule')).toBeUndefined();
  expect(slack.messages('alerts')).toEqual([]);
  expect(untold()).toHaveLength(1);
  await bot.end('SIGKILL');
  outage();
  for (const _ of ['tells it', 'has nothing left to tell']) {
    await bot.startAgain();
    await until('it is told', () => untold().length === 0);
    await bot.end('SIGTERM');
  }

  expect(slack.messages('alerts').map(({ text }) => text)).toEqual([
    expect.stringContaining('*shop:mule* had to be killed (`TimedOutKilled`)'),
  ]);
  expect(bot.now(card).text).toMatch(/^:warning: \*1 agent had to be killed \(TimedOutKilled\)\.\*/);
  expect(slack.thread(card.ts).slice(1)).toHaveLength(2);
  expect(posted.twice()).toEqual([]);
}, 120_000);

function read(journalFile: string): readonly unknown[] {
  const database = new DatabaseSync(journalFile, { readOnly: true });
  try {
    return database.prepare('select id from operations where told_at is null').all();
  } finally {
    database.close();
  }
}
