import { keepBusy, read } from '../fakes/bot/busy-people.ts';
import { until } from '../fakes/until.ts';
import { isQuietFor } from './judge.ts';
import { busyProjects, type SoakWorld, typist } from './world.ts';

/** What an injection came to. */
export interface Outcome {
  /** Commands that Slack took and that were judged. */
  readonly commands: number;
  readonly lost: readonly string[];
}

export interface Made {
  readonly id: string;
  readonly cancelled: string | null;
  readonly finished_at: number | null;
}

/** People work on their projects for so long; each command is judged. */
export async function busyFor(world: SoakWorld, seconds: number, mayFail = false): Promise<Outcome> {
  const endsAt = performance.now() + seconds * 1000;
  const { acked, wrong } = await keepBusy(
    { ...world, mayFail },
    {
      projects: busyProjects,
      typist: (project) => nextTypist(project),
      goesOn: () => performance.now() < endsAt,
    },
  );
  return { commands: acked, lost: wrong };
}

const turns = new Map<string, number>();

/** So that nobody is asked to be slower, over all injections. */
function nextTypist(project: string): string {
  const turn = turns.get(project) ?? 0;
  turns.set(project, turn + 1);
  return typist(project, turn);
}

/** Types a command, and waits until all that it began is over; `meanwhile` happens as soon as it is typed. */
export async function order(
  world: SoakWorld,
  project: string,
  text: string,
  meanwhile: () => Promise<void> = async () => undefined,
): Promise<readonly Made[]> {
  const { slack, journalFile } = world;
  const person = nextTypist(project);
  const { id } = slack.workspace.person(person);
  const of = 'select id, cancelled, finished_at from operations where project = ?';
  const before = new Set(read<Made>(journalFile, of, project).map((row) => row.id));
  await Promise.all([slack.slash(person, 'ops', text), meanwhile()]);
  await until(`"${text}" is over`, () => isQuietFor(journalFile, project, id), 60_000);
  return read<Made>(journalFile, of, project).filter((row) => !before.has(row.id));
}
