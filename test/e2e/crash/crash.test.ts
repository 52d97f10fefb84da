import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectDoneOnceOrNotAtAll, type Outcome } from '../../fakes/bot/crash-checks.ts';
import { type CrashWorld, type Scenario, startCrashWorld } from '../../fakes/bot/crash-world.ts';
import { nameOf } from '../../fakes/bot/killed-there.ts';

const isSoak = process.env.MUSTER_SOAK === '1';
/** In `npm test` every third of the points, others every minute: each crash takes three seconds of a processor. */
const oneOf = isSoak ? 1 : 3;
const turn = Number(process.env.MUSTER_TURN ?? Math.floor(Date.now() / 60_000));
/** Of one run: more would take longer than the minute after which what has not begun is cancelled. */
const mostCrashes = 4;
const worldsAtOnce = isSoak ? 4 : 2;
const timeout = isSoak ? 3_600_000 : 600_000;

/** Between the end of one thing and the beginning of the next nothing changes; nor does a sync change what a killed process leaves. */
const isLikeTheNext = /^(after|sync) /;

const all = ['shop:dead', 'shop:lead', 'shop:mule', 'shop:polite', 'shop:same'];
const running = all.filter((id) => id !== 'shop:dead');
const replaced = ['shop:lead', 'shop:mule', 'shop:polite'];
interface Play extends Scenario, Outcome {
  /** What it does, as its points are called: a way of doing it at which nobody can kill Muster is a hole in this test. */
  readonly effects: readonly RegExp[];
}

const always = [/^sql commit/, /^before slack chat\.postMessage/, /^after slack ack/];
const plays: readonly Play[] = [
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

const worlds: CrashWorld[] = [];

beforeAll(async () => {
  for (let place = 0; place < worldsAtOnce; place += 1) worlds.push(await startCrashWorld());
}, timeout);

afterAll(async () => {
  await Promise.all(worlds.map((world) => world.stop()));
});

/** The points of one scenario: those it reaches when nothing comes in between, and whatever a recovery from a crash reaches. */
class Points {
  readonly play: Play;
  readonly all = new Set<string>();
  readonly crashed = new Set<string>();
  readonly #open = new Set<string>();

  constructor(play: Play) {
    this.play = play;
  }

  add(reached: readonly string[]): void {
    const different = reached.filter((point, at) => !isLikeTheNext.test(point) || at === reached.length - 1);
    for (const point of different.map((each) => (isSoak ? each : nameOf(each)))) {
      if (this.all.has(point)) continue;
      if ((this.all.size + turn) % oneOf === 0) this.#open.add(point);
      this.all.add(point);
    }
  }

  /** Every so many of those that are left, so that whoever runs beside takes others. */
  share(place: number): readonly string[] {
    return [...this.#open].filter((_, index) => index % worldsAtOnce === place);
  }

  crash(point: string): void {
    const name = isSoak ? point : nameOf(point);
    this.#open.delete(name);
    this.crashed.add(name);
  }

  /** They were waited for and did not come: what happens at the same time has no order. */
  giveUp(points: readonly string[]): void {
    for (const point of points) this.#open.delete(point);
  }
}

async function pointsOf(play: Play, world: CrashWorld): Promise<Points> {
  await world.prepare();
  const before = world.look();
  const [reached = []] = await world.run(play);
  for (const kind of play.effects) expect(reached, 'its points').toContainEqual(expect.stringMatching(kind));
  expectDoneOnceOrNotAtAll(world, before, play);
  expect(world.look().operations).toHaveLength(before.operations.length + 1);
  const points = new Points(play);
  points.add(reached);
  return points;
}

/** Until nothing of this world's share is left: one run after the other, with as many crashes as it comes to. */
async function crashEverywhere(place: number, points: Points): Promise<readonly string[]> {
  const failures: string[] = [];
  for (let share = points.share(place); share.length > 0; share = points.share(place)) {
    const world = worlds[place];
    if (world === undefined) throw new Error('there is no world');
    const kills: string[] = [];
    try {
      await world.prepare();
      const before = world.look();
      const reached = await world.run(points.play, (soFar) => {
        const last = soFar.at(-1)?.at(-1);
        if (last !== undefined) {
          kills.push(last);
          points.crash(last);
        }
        return kills.length < mostCrashes ? points.share(place) : [];
      });
      expectDoneOnceOrNotAtAll(world, before, points.play);
      for (const each of reached) points.add(each);
      if (kills.length === 0) points.giveUp(share);
    } catch (error) {
      const name = `${points.play.name}: ${kills.join(', then ')}`;
      failures.push(`${name}: ${(error as Error).message}`);
      process.stdout.write(
        `${name}: ${String(error)}\n${world.bot.log().split('\n').slice(-60).join('\n')}\n`,
      );
      points.giveUp(kills.length === 0 ? share : kills);
      await world.stop();
      worlds[place] = await startCrashWorld();
    }
  }
  return failures;
}

test.each(plays)(
  'a $name during which Muster is killed at any of its steps, and those that take it up are killed as well, is done once and told once when Muster is back',
  async (play) => {
    const [first] = worlds;
    if (first === undefined) throw new Error('there is no world');
    const points = await pointsOf(play, first);

    const failures = await Promise.all(worlds.map((_, place) => crashEverywhere(place, points)));

    const which = isSoak ? 'all' : `MUSTER_TURN=${turn}, one in ${oneOf}; all in npm run soak:tests`;
    process.stdout.write(
      `crashes at ${points.crashed.size} of ${points.all.size} points of a ${play.name} (${which})\n`,
    );
    expect(failures.flat()).toEqual([]);
    expect(points.crashed.size).toBeGreaterThan(points.all.size * (isSoak ? 2 / 3 : 1 / 8));
  },
  timeout,
);
