import { isQuiet, read } from '../fakes/bot/busy-people.ts';
import { countOf, filesIn } from '../fakes/process-count.ts';
import { until } from '../fakes/until.ts';
import type { SoakWorld } from './world.ts';

/** What the world owes, whatever was done to it: each complaint is a sentence. */
export interface Judge {
  /** Waits until everything is settled and told. */
  complaints(): Promise<readonly string[]>;
  /** From now on these agents' present lives are the ones to keep. */
  renewed(agents: readonly string[]): void;
}

interface Row {
  readonly id: string;
}

export function createJudge(world: SoakWorld): Judge {
  const { team, posted, journalFile } = world;
  const lives = new Map<string, number | undefined>();
  const toldOf = new Set<string>();

  function renewed(agents: readonly string[]): void {
    for (const id of agents) lives.set(id, team.pid(id));
  }

  async function unsettled(): Promise<string | undefined> {
    try {
      await until('everything is settled and told', () => isAllQuiet(journalFile), 60_000);
      return undefined;
    } catch (error) {
      return String(error);
    }
  }

  /** Each forced kill is on record once, and its receipt stands once in the thread of its operation and once in the alert's. */
  function receiptsNotToldOnce(): readonly string[] {
    return read<Row>(journalFile, 'select id from receipts').flatMap(({ id }) => {
      if (toldOf.has(id)) return [];
      toldOf.add(id);
      const places = posted.of(id).map(({ channel, threadTs }) => `${channel} ${threadTs ?? ''}`);
      const isOnce = new Set(places).size === places.length && places.length === 2;
      return isOnce ? [] : [`receipt ${id} stands ${places.length} times, in ${new Set(places).size} places`];
    });
  }

  function touched(): readonly string[] {
    return [...lives].flatMap(([id, pid]) =>
      team.pid(id) === pid ? [] : [`${id} was touched: pid ${pid} is ${team.pid(id)} now`],
    );
  }

  return {
    renewed,
    async complaints() {
      const open = await unsettled();
      const complaints = [
        ...(open === undefined ? [] : [open]),
        ...(world.hasDied()
          ? [`Muster ended by itself: ${world.log().split('\n').slice(-4).join(' | ')}`]
          : []),
        ...receiptsNotToldOnce(),
        ...touched(),
        ...posted.twice().map((place) => `posted twice: ${place}`),
      ];
      renewed([...lives.keys()]);
      return complaints;
    },
  };
}

function isAllQuiet(journalFile: string): boolean {
  return (
    read(journalFile, 'select 1 from operations where told_at is null').length === 0 &&
    read(
      journalFile,
      `select 1 from deliveries where changes = 1 and settled_at is null
       and not exists (select 1 from operations where operations.delivery = deliveries.delivery)`,
    ).length === 0
  );
}

/** Nothing of one project or person is under way. */
export const isQuietFor = isQuiet;

export interface Counts {
  readonly 'memory MB': number;
  readonly 'heap MB': number;
  readonly descriptors: number;
  readonly processes: number;
  readonly files: number;
}

/** `processes`: those that the bot has started and that are still its own. */
export async function countsOf({ pid, inside, directory }: SoakWorld): Promise<Counts> {
  const { heap } = await inside.report(pid());
  const { rssMb, descriptors, children } = countOf(pid());
  return {
    'memory MB': rssMb,
    'heap MB': Math.round(heap / 1e6),
    descriptors,
    processes: children,
    files: filesIn(directory).filter((path) => !/\/pids\/|inside-/.test(path)).length,
  };
}

/** What may come and go between two looks at a bot that is busy. */
const leeway: Counts = { 'memory MB': 120, 'heap MB': 15, descriptors: 12, processes: 1, files: 20 };

export function grown(before: Counts, after: Counts): readonly string[] {
  return (Object.keys(leeway) as (keyof Counts)[]).flatMap((what) =>
    after[what] > before[what] + leeway[what] ? [`${what} grew from ${before[what]} to ${after[what]}`] : [],
  );
}
