import { expect, test } from 'vitest';
import { expectDoneOnceOrNotAtAll, type Outcome } from '../fakes/crash-checks.ts';
import { type CrashWorld, type Scenario, startCrashWorld } from '../fakes/crash-world.ts';

const isSoak = process.env.MUSTER_SOAK === '1';
/** As many as fit into a minute. */
const mostInTest = 20;
/** Another one every minute. */
const turn = Number(process.env.MUSTER_TURN ?? Math.floor(Date.now() / 60_000));
const worldsAtOnce = 4;

const all = ['shop:dead', 'shop:lead', 'shop:mule', 'shop:polite', 'shop:same'];
const running = all.filter((id) => id !== 'shop:dead');
const replaced = ['shop:lead', 'shop:mule', 'shop:polite'];
const scenarios: readonly (Scenario & Outcome)[] = [
  {
    name: 'reload',
    command: '/team reload shop',
    started: [...replaced, 'shop:dead'],
    ended: replaced,
    killed: ['shop:mule'],
    wantedDown: [],
  },
  {
    name: 'drain',
    command: '/team drain shop 1s',
    started: [],
    ended: running,
    killed: ['shop:mule'],
    wantedDown: all,
  },
  {
    name: 'down',
    command: '/team down shop',
    button: 'Kill',
    started: [],
    ended: running,
    killed: [],
    wantedDown: all,
  },
];

interface Round {
  readonly scenario: Scenario & Outcome;
  readonly point: string;
}

async function pointsOf(scenario: Scenario & Outcome, world: CrashWorld): Promise<readonly Round[]> {
  await world.prepare();
  const before = world.look();
  const points = await world.run(scenario);
  expectDoneOnceOrNotAtAll(world, before, scenario);
  expect(world.look().operations).toHaveLength(before.operations.length + 1);
  return points.map((point) => ({ scenario, point }));
}

async function allPoints(world: CrashWorld): Promise<readonly Round[]> {
  const rounds: Round[] = [];
  for (const scenario of scenarios) rounds.push(...(await pointsOf(scenario, world)));
  return rounds;
}

/** False: the point did not come this time. */
async function killedAt({ scenario, point }: Round, world: CrashWorld): Promise<boolean> {
  await world.prepare();
  const before = world.look();
  const reached = await world.run(scenario, point);
  expectDoneOnceOrNotAtAll(world, before, scenario);
  return reached.at(-1) === point;
}

test(
  'a reload, a drain or a hard down during which Muster is killed, at any of its steps, is done once and told once when Muster is back',
  async () => {
    const first = await startCrashWorld();
    const rounds = await allPoints(first).catch(async (error: unknown) => {
      await first.stop();
      throw error;
    });
    const every = isSoak ? 1 : Math.max(3, Math.ceil(rounds.length / mostInTest));
    const chosen = rounds.filter((_, index) => index % every === turn % every);
    const waiting = [...chosen];
    const which = isSoak ? 'all' : `MUSTER_TURN=${turn % every} of ${every}; all in npm run soak:tests`;
    process.stdout.write(`crashes: ${chosen.length} of ${rounds.length} points (${which})\n`);

    const failures: string[] = [];
    const missed: string[] = [];
    const work = async (made: Promise<CrashWorld>) => {
      let world = await made;
      try {
        for (let round = waiting.shift(); round !== undefined; round = waiting.shift()) {
          const name = `${round.scenario.name}: ${round.point}`;
          try {
            if (!(await killedAt(round, world))) missed.push(name);
          } catch (error) {
            failures.push(`${name}: ${(error as Error).message}`);
            process.stdout.write(
              `${name}: ${String(error)}\n${world.bot.log().split('\n').slice(-60).join('\n')}\n`,
            );
            await world.stop();
            world = await startCrashWorld();
          }
        }
      } finally {
        await world.stop();
      }
    };
    await Promise.all([
      work(Promise.resolve(first)),
      ...Array.from({ length: worldsAtOnce - 1 }, () => work(startCrashWorld())),
    ]);

    if (missed.length > 0) process.stdout.write(`points that did not come again: ${missed.join(', ')}\n`);
    expect(failures).toEqual([]);
    expect(missed.length, missed.join()).toBeLessThanOrEqual(chosen.length / 3);
  },
  isSoak ? 3_600_000 : 240_000,
);
