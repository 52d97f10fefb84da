import { parseArgs } from 'node:util';
import { writeLastRun } from '../../bench/last-run.ts';
import { until } from '../fakes/until.ts';
import { injections } from './injections.ts';
import { type Counts, countsOf, createJudge, grown } from './judge.ts';
import { order } from './orders.ts';
import { type SoakWorld, startSoakWorld } from './world.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string' },
    hours: { type: 'string' },
    agents: { type: 'string', default: '20' },
    only: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});
const minutes =
  Number(values.minutes ?? 10) * (values.hours === undefined ? 1 : 0) + Number(values.hours ?? 0) * 60;
const agents = Number(values.agents);
if (!(minutes > 0) || !Number.isInteger(agents) || agents < 11) {
  process.stderr.write(
    'npm run soak -- [--minutes 10 | --hours 8] [--agents 20, at least 11] [--only WORD] [--write]\n',
  );
  process.exit(2);
}
const print = (line: string) => process.stdout.write(`${line}\n`);

interface Tally {
  readonly what: string;
  times: number;
  commands: number;
  skipped?: string;
  readonly lost: string[];
}

const chosen = injections.filter(({ what }) => values.only === undefined || what.includes(values.only));
const tallies = chosen.map(({ what }): Tally => ({ what, times: 0, commands: 0, lost: [] }));
const growth: string[] = [];
const endsAt = performance.now() + minutes * 60_000;
const startedAt = new Date();
const world = await startSoakWorld(agents);
let before: { readonly counts: Counts; readonly isFirstRound: boolean } | undefined;
let after: Counts | undefined;
const stop = () => void world.stop().then(() => process.exit(130));
process.once('SIGINT', stop).once('SIGTERM', stop);
try {
  await soak(world);
} finally {
  await world.stop();
}
report();

async function soak(world: SoakWorld): Promise<void> {
  const judge = createJudge(world);
  for (const project of world.projects) await order(world, project, `/team up ${project}`);
  judge.renewed(world.kept);
  for (let turn = 0; turn < chosen.length || performance.now() < endsAt; turn++) {
    if (performance.now() >= endsAt && turn >= chosen.length) break;
    const [injection, tally] = [chosen[turn % chosen.length], tallies[turn % chosen.length]];
    if (injection === undefined || tally === undefined) break;
    const impossible = injection.impossible?.(world);
    if (impossible !== undefined) {
      tally.skipped = impossible;
      if (chosen.length === 1) break;
      continue;
    }
    const lost = await once();
    tally.times += 1;
    tally.lost.push(...lost);
    print(`${injection.what}: ${lost.length === 0 ? 'nothing lost' : lost.join('; ')}`);
    // A bot that has done nothing yet has not grown to its size, and an agent that has not ended yet has no file that tells how.
    const isFirstRound = turn < chosen.length;
    if (before === undefined || before.isFirstRound !== isFirstRound)
      before = { counts: await countsOf(world), isFirstRound };

    async function once(): Promise<readonly string[]> {
      if (injection === undefined || tally === undefined) return [];
      try {
        const { commands, lost } = await injection.run(world, judge);
        tally.commands += commands;
        return [...lost, ...(await judge.complaints())];
      } catch (error) {
        const complaints = await judge.complaints();
        if (world.hasDied()) await world.start();
        return [String(error), ...complaints];
      }
    }
  }
  if (before === undefined) return;
  after = await countsAtRest(before.counts);
  growth.push(...grown(before.counts, after));
}

/** What is under way has half a minute to be over. */
async function countsAtRest(before: Counts): Promise<Counts> {
  let counts = await countsOf(world);
  await until(
    'nothing is more than it was',
    async () => {
      counts = await countsOf(world);
      return grown(before, counts).length === 0;
    },
    30_000,
    // What has grown until then is told by the counts themselves.
  ).catch(() => undefined);
  return counts;
}

function report(): void {
  const lost = tallies.reduce((sum, tally) => sum + tally.lost.length, 0);
  const lines = [
    `${startedAt.toISOString().slice(0, 16)} UTC, ${minutes} minutes, ${world.everyAgent.length} agents, Node ${process.versions.node}.`,
    '',
    '| injected | how often | commands judged | lost, doubled or false |',
    '|---|---|---|---|',
    ...tallies.map(
      ({ what, times, commands, skipped, lost }) =>
        `| ${what} | ${skipped === undefined ? times : `skipped: ${skipped}`} | ${commands} | ${lost.length} |`,
    ),
    '',
    `| held by Muster | after ${before?.isFirstRound ? 'the first injection' : 'one of each'} | at the end |`,
    '|---|---|---|',
    ...Object.entries(before?.counts ?? {}).map(
      ([what, count]) => `| ${what} | ${count} | ${after?.[what as keyof Counts]} |`,
    ),
  ];
  print(`\n${lines.join('\n')}\n`);
  for (const complaint of [...tallies.flatMap((tally) => tally.lost), ...growth]) print(`LOST: ${complaint}`);
  if (values.write) writeLastRun('docs/reliability.md', lines);
  process.exitCode = lost + growth.length === 0 ? 0 : 1;
}
