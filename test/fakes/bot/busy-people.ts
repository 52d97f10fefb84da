import { DatabaseSync } from 'node:sqlite';
import type { Message } from '../../../packages/slack-stand-in/src/server/message-store.ts';
import type { SlackStandIn } from '../../../packages/slack-stand-in/src/slack-stand-in.ts';
import { until } from '../until.ts';
import { type Behaviour, projectFile, type TeamOnDisk } from './e2e-agents.ts';

export interface BusyWorld {
  readonly slack: SlackStandIn;
  readonly team: TeamOnDisk;
  readonly journalFile: string;
  /** False while nobody can expect an answer: the bot is dead on purpose. */
  readonly isBotThere?: () => boolean;
  /** A command may fail, as long as its answer says so. */
  readonly mayFail?: boolean;
}

/** What came of all that people typed. */
export interface Busy {
  /** By how they ended for the person's own Slack. */
  readonly acked: number;
  readonly failed: number;
  /** In a sentence each. */
  readonly wrong: readonly string[];
}

export interface Shift {
  /** Each has somebody of their own at work on it, one command after the other. */
  readonly projects: readonly string[];
  /** Take turns at a project, so that nobody types too much. */
  typist(project: string, turn: number): string;
  goesOn(): boolean;
  readonly patienceMs?: number;
}

/** A project for one shift: `a` is what people work on, `b` is nobody's business. */
export function busyProject(id: string, behaviour: Behaviour = 'polite'): string {
  return projectFile(id, { workers: { a: behaviour, b: behaviour } });
}

interface Row {
  readonly id: string;
  readonly error: string | null;
  readonly cancelled: string | null;
  readonly message_ts: string | null;
}

/** People type commands of every kind, and each is judged when it is over: done once, answered once, and the answer is true. */
export async function keepBusy(world: BusyWorld, shift: Shift): Promise<Busy> {
  const shifts = await Promise.all(shift.projects.map((project) => workOn(project, world, shift)));
  return {
    acked: shifts.reduce((sum, { acked }) => sum + acked, 0),
    failed: shifts.reduce((sum, { failed }) => sum + failed, 0),
    wrong: shifts.flatMap(({ wrong }) => wrong),
  };
}

async function workOn(project: string, world: BusyWorld, shift: Shift): Promise<Busy> {
  const counts = { acked: 0, failed: 0 };
  const wrong: string[] = [];
  for (let turn = 0; shift.goesOn(); turn++) {
    const deed = deedFor(project, turn, world.team.pid(`${project}:a`) !== undefined);
    const person = shift.typist(project, turn);
    try {
      const { isAcked, complaint } = await doAndJudge(world, project, person, deed, shift.patienceMs);
      counts[isAcked ? 'acked' : 'failed'] += 1;
      // Whoever is told that it failed looks before they try again.
      if (!isAcked) await world.slack.waitForSockets((open) => open > 0, { timeoutMs: 20_000 });
      if (complaint !== undefined) wrong.push(`${deed.text} (${isAcked ? 'acked' : 'failed'}): ${complaint}`);
    } catch (error) {
      wrong.push(`${deed.text}: ${String(error)}`);
    }
  }
  return { ...counts, wrong };
}

interface Deed {
  readonly text: string;
  readonly answer: 'operation' | 'post' | 'whisper';
  /** Whether `a` runs when it is done. */
  readonly isUp: boolean;
  /** How many new lives `a` has then. */
  readonly lives: number;
}

function deedFor(project: string, turn: number, isUp: boolean): Deed {
  const same = { isUp, lives: 0 };
  const deeds: readonly Deed[] = [
    isUp
      ? { text: `/team restart ${project}:a`, answer: 'operation', isUp: true, lives: 1 }
      : { text: `/team up ${project}:a`, answer: 'operation', isUp: true, lives: 1 },
    { text: `/team status ${project}`, answer: 'post', ...same },
    { text: `/team logs ${project}:a`, answer: 'whisper', ...same },
    isUp
      ? { text: `/team drain ${project}:a 30s`, answer: 'operation', isUp: false, lives: 0 }
      : { text: `/team up ${project}:a`, answer: 'operation', isUp: true, lives: 1 },
    { text: `/team status ${project} --me`, answer: 'whisper', ...same },
    { text: '/team help', answer: 'whisper', ...same },
  ];
  const deed = deeds[turn % deeds.length];
  if (deed === undefined) throw new Error('there are deeds');
  return deed;
}

async function doAndJudge(
  world: BusyWorld,
  project: string,
  person: string,
  deed: Deed,
  patienceMs = 60_000,
): Promise<{ readonly isAcked: boolean; readonly complaint: string | undefined }> {
  const { slack, team, journalFile } = world;
  const { id } = slack.workspace.person(person);
  const agent = `${project}:a`;
  const lives = team.lives(agent).length;
  const before = new Set(slack.messages('ops').map(({ ts }) => ts));
  const operationsBefore = new Set(operationsOf(journalFile, project).map((row) => row.id));
  const outcome = await slack.slash(person, 'ops', deed.text);
  const isAcked = outcome.kind === 'acked';
  await until(
    `"${deed.text}" is over`,
    () => (world.isBotThere?.() ?? true) && isQuiet(journalFile, project, id),
    patienceMs,
  );

  const made = operationsOf(journalFile, project).filter((row) => !operationsBefore.has(row.id));
  const answers = slack
    .messages('ops')
    .filter(({ ts, author }) => !before.has(ts) && author === slack.workspace.bot.id)
    .filter(({ onlyVisibleTo }) => onlyVisibleTo === (deed.answer === 'whisper' ? id : undefined))
    .filter((message) => deed.answer === 'whisper' || slack.read(message).includes(`${project}:`));
  return { isAcked, complaint: await complaint() };

  async function complaint(): Promise<string | undefined> {
    if (answers.length > 1 || (isAcked && answers.length === 0)) return `${answers.length} answers`;
    const wanted = deed.answer === 'operation' ? answers.length : 0;
    if (made.length !== wanted) return `${made.length} operations, ${answers.length} answers`;
    const [answer] = answers;
    if (answer === undefined) return untouched();
    const [operation] = made;
    if (operation !== undefined) return await judged(operation, answer);
    return untouched() ?? (deed.answer === 'post' ? tableIsTrue(answer) : undefined);
  }

  function untouched(): string | undefined {
    return team.lives(agent).length === lives ? undefined : 'it was not done, and something was';
  }

  async function judged({ cancelled, error, message_ts }: Row, answer: Message): Promise<string | undefined> {
    if (message_ts !== answer.ts)
      return `the journal has its message at ${message_ts}, it is at ${answer.ts}`;
    if (cancelled !== null) {
      if (answer.text.startsWith(':white_check_mark:')) return `cancelled, and the answer is ${answer.text}`;
      return untouched();
    }
    if (error !== null) return error;
    const born = () => team.lives(agent).length - lives;
    const isUp = () => team.pid(agent) !== undefined;
    // An agent that was started writes its pid down when it comes to it.
    await until(
      'the agent is as it was told',
      () => born() === deed.lives && isUp() === deed.isUp,
      5000,
    ).catch(() => undefined);
    if (world.mayFail === true && answer.text.startsWith(':warning:')) return undefined;
    if (born() !== deed.lives || isUp() !== deed.isUp)
      return `${born()} new lives, ${isUp() ? 'up' : 'down'}, and the answer is ${answer.text}`;
    if (!/^:white_check_mark:/.test(answer.text)) return `it was done, and the answer is ${answer.text}`;
    return undefined;
  }

  function tableIsTrue(answer: Message): string | undefined {
    const table = slack.read(answer);
    const state = deed.isUp ? 'running' : '(?:stopped|left down)';
    return new RegExp(`${agent} +│ ${state}`).test(table)
      ? undefined
      : `${agent} is ${state}, and not in ${table}`;
  }
}

function operationsOf(journalFile: string, project: string): readonly Row[] {
  return read(
    journalFile,
    'select id, error, cancelled, message_ts from operations where project = ?',
    project,
  );
}

/** Nothing of the project or the person is under way, and all is told. */
export function isQuiet(journalFile: string, project: string, person: string): boolean {
  const open = read(
    journalFile,
    `select 1 from operations where project = ? and told_at is null
     union all select 1 from deliveries where person = ? and settled_at is null
     and not exists (select 1 from operations where operations.delivery = deliveries.delivery)
     and (changes = 1 or rowid = (select max(rowid) from deliveries where person = ?))`,
    project,
    person,
    person,
  );
  return open.length === 0;
}

export function read<Result>(journalFile: string, sql: string, ...values: string[]): readonly Result[] {
  const database = new DatabaseSync(journalFile, { readOnly: true, timeout: 5000 });
  try {
    return database.prepare(sql).all(...values) as Result[];
  } finally {
    database.close();
  }
}
