import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectDoneOnceOrNotAtAll, type Outcome } from '../fakes/crash-checks.ts';
import { type CrashWorld, type Scenario, startCrashWorld } from '../fakes/crash-world.ts';

const isSoak = process.env.MUSTER_SOAK === '1';
/** As many as fit into half a minute; a second crash takes twice as long. */
const mostInTest = 10;
const mostTwiceInTest = 4;
/** Another one every minute. */
const turn = Number(process.env.MUSTER_TURN ?? Math.floor(Date.now() / 60_000));
const worldsAtOnce = 4;
const timeout = isSoak ? 3_600_000 : 600_000;

const all = ['shop:dead', 'shop:lead', 'shop:mule', 'shop:polite', 'shop:same'];
const running = all.filter((id) => id !== 'shop:dead');
const replaced = ['shop:lead', 'shop:mule', 'shop:polite'];
interface Play extends Scenario, Outcome {
  /** What it does, as its points are called: a way of doing it at which nobody can kill Muster is a hole in this test. */
  readonly effects: readonly RegExp[];
}

const always = [/^sql commit/, /^before slack chat\.postMessage/, /^after slack ack/];
const scenarios: readonly Play[] = [
  {
    name: 'reload',
    command: '/team reload shop',
    started: [...replaced, 'shop:dead'],
    ended: replaced,
    killed: ['shop:mule'],
    wantedDown: [],
    effects: [
      ...always,
      /^before tmux .*send-keys C-c/,
      /^after tmux .*send-keys C-c/,
      /^before signal SIGKILL/,
      /^before tmux .*new-session .*e2e-shop-dead/,
      /^after tmux .*new-session .*e2e-shop-dead/,
      /^rename state\/applied\.json/,
    ],
  },
  {
    name: 'drain',
    command: '/team drain shop 1s',
    started: [],
    ended: running,
    killed: ['shop:mule'],
    wantedDown: all,
    effects: [...always, /^before tmux .*send-keys C-c/, /^before signal SIGKILL/],
  },
  {
    name: 'down',
    command: '/team down shop',
    button: 'Kill',
    started: [],
    ended: running,
    killed: [],
    wantedDown: all,
    effects: [...always, /^before signal SIGKILL/],
  },
];

interface Round {
  readonly scenario: Play;
  /** Where the bot is killed, and then each that is started after it. */
  readonly kills: readonly string[];
}

/** A crash, and the points of the recovery from it. */
interface Recovery extends Round {
  readonly points: readonly string[];
}

const worlds: CrashWorld[] = [];
const recoveries: Recovery[] = [];

beforeAll(async () => {
  for (let place = 0; place < worldsAtOnce; place += 1) worlds.push(await startCrashWorld());
}, timeout);

afterAll(async () => {
  await Promise.all(worlds.map((world) => world.stop()));
});

async function pointsOf(scenario: Play, world: CrashWorld): Promise<readonly Round[]> {
  await world.prepare();
  const before = world.look();
  const [points = []] = await world.run(scenario);
  for (const kind of scenario.effects)
    expect(points, 'its points').toContainEqual(expect.stringMatching(kind));
  expectDoneOnceOrNotAtAll(world, before, scenario);
  expect(world.look().operations).toHaveLength(before.operations.length + 1);
  return points.map((point) => ({ scenario, kills: [point] }));
}

async function allPoints(): Promise<readonly Round[]> {
  const [world] = worlds;
  if (world === undefined) throw new Error('there is no world');
  const rounds: Round[] = [];
  for (const scenario of scenarios) rounds.push(...(await pointsOf(scenario, world)));
  return rounds;
}

/** Every crash once with another one, and every point of a recovery at least once. */
function secondCrashes(of: readonly Recovery[]): readonly Round[] {
  const rounds: Round[] = [];
  const waiting = new Set(of.flatMap(({ scenario, points }) => points.map((point) => scenario.name + point)));
  for (let pass = 0; pass === 0 || waiting.size > 0; pass += 1) {
    for (const [index, { scenario, kills, points }] of of.entries()) {
      const from = (index + turn) % Math.max(1, points.length);
      const inTurn = [...points.slice(from), ...points.slice(0, from)];
      const point =
        inTurn.find((each) => waiting.delete(scenario.name + each)) ?? (pass === 0 ? inTurn[0] : undefined);
      if (point !== undefined) rounds.push({ scenario, kills: [...kills, point] });
    }
  }
  return rounds;
}

/** Plays the rounds, side by side; a third of the points may fail to come again, for what happens at the same time has no order. */
async function play(chosen: readonly Round[], total: number): Promise<void> {
  const which = isSoak ? 'all' : `MUSTER_TURN=${turn}; all in npm run soak:tests`;
  process.stdout.write(`crashes: ${chosen.length} of ${total} (${which})\n`);
  const waiting = [...chosen];
  const failures: string[] = [];
  const missed: string[] = [];

  async function playIn(place: number): Promise<void> {
    for (let round = waiting.shift(); round !== undefined; round = waiting.shift()) {
      const { scenario, kills } = round;
      const name = `${scenario.name}: ${kills.join(', then ')}`;
      const world = worlds[place];
      if (world === undefined) throw new Error('there is no world');
      try {
        await world.prepare();
        const before = world.look();
        const reached = await world.run(scenario, ...kills);
        expectDoneOnceOrNotAtAll(world, before, scenario);
        const [, points] = reached;
        if (kills.some((point, index) => reached[index]?.at(-1) !== point)) missed.push(name);
        else if (kills.length === 1 && points !== undefined) recoveries.push({ ...round, points });
      } catch (error) {
        failures.push(`${name}: ${(error as Error).message}`);
        process.stdout.write(
          `${name}: ${String(error)}\n${world.bot.log().split('\n').slice(-60).join('\n')}\n`,
        );
        await world.stop();
        worlds[place] = await startCrashWorld();
      }
    }
  }

  const played = await Promise.allSettled(worlds.map((_, place) => playIn(place)));
  if (missed.length > 0) process.stdout.write(`points that did not come again: ${missed.join('; ')}\n`);
  expect(failures).toEqual([]);
  expect(played.filter(({ status }) => status === 'rejected')).toEqual([]);
  expect(missed.length, missed.join()).toBeLessThanOrEqual(chosen.length / 3);
}

test(
  'a reload, a drain or a hard down during which Muster is killed, at any of its steps, is done once and told once when Muster is back',
  async () => {
    const rounds = await allPoints();
    const every = isSoak ? 1 : Math.max(3, Math.ceil(rounds.length / mostInTest));
    await play(
      rounds.filter((_, index) => index % every === turn % every),
      rounds.length,
    );
  },
  timeout,
);

test(
  'so is one during which the Muster that takes it up is killed as well, at any of its steps',
  async () => {
    const rounds = secondCrashes(recoveries);
    const every = isSoak ? 1 : Math.ceil(rounds.length / mostTwiceInTest);
    await play(
      rounds.filter((_, index) => index % every === turn % every),
      rounds.length,
    );
  },
  timeout,
);
