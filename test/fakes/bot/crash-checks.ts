import { expect } from 'vitest';
import type { CallRecord } from '../../../packages/slack-stand-in/src/server/events.ts';
import type { OperationEvent } from '../../../src/domain/operation-event.ts';
import { progressBy } from '../../../src/domain/progress.ts';
import { eventFrom, type StoredEvent } from '../../../src/operations/records/operation-history.ts';
import { agents, type CrashWorld, type Look, lastWords } from './crash-world.ts';

/** What a scenario does when nothing comes in between. */
export interface Outcome {
  /** Agents that get a new life. */
  readonly started: readonly string[];
  /** Agents whose life ends. */
  readonly ended: readonly string[];
  /** Those of them that are killed because they did not stop. */
  readonly killed: readonly string[];
  /** Agents that are wanted down from then on. */
  readonly wantedDown: readonly string[];
}

interface OperationRow {
  readonly id: string;
  readonly plan: string;
  readonly channel: string;
  readonly message_ts: string;
  readonly cancelled: string | null;
  readonly went_at: number | null;
  readonly error: string | null;
  readonly started_at: number;
  readonly finished_at: number;
}

/** Who has waited for longer is told that it is over, in milliseconds. */
const longMs = 30_000;

/** Whatever came in between: done once and wholly, or not at all; and told as it is, once. */
export function expectDoneOnceOrNotAtAll(world: CrashWorld, before: Look, outcome: Outcome): void {
  const after = world.look();
  expectNothingPostedTwice(world.bot.slack.log);
  const began = after.operations.filter((id) => !before.operations.includes(id));
  expect(began.length, 'operations that began').toBeLessThanOrEqual(1);
  const [id] = began;
  if (id === undefined) {
    expectUntouched(world, before, after);
    return;
  }
  const [row] = world.journal<OperationRow>('select * from operations where id = ?', id);
  if (row?.went_at === null && row.cancelled !== null) {
    expectUntouched(world, before, after);
    expect(news(world, before, after).join('\n')).toMatch(
      /Cancelled\. Muster ended before|was restarted before/,
    );
    return;
  }
  if (row === undefined || row.cancelled !== null) throw new Error(`cancelled: ${row?.cancelled}`);
  expect(row.error, 'an error of the operation').toBeNull();
  expectTheWorld(before, after, outcome);
  expectTheJournal(world, row, outcome);
  expectTold(world, before, row, outcome);
}

/** What was taken and not begun with is said; a question that is asked already stands there. */
function expectUntouched(world: CrashWorld, before: Look, after: Look): void {
  expect(after.pids).toEqual(before.pids);
  expect(after.lives).toEqual(before.lives);
  expect(after.wanted).toEqual(before.wanted);
  const taken = after.deliveries.filter((delivery) => !before.deliveries.includes(delivery));
  const texts = news(world, before, after);
  expect(texts.length, `messages about what was taken:\n${texts.join('\n')}`).toBeLessThanOrEqual(2);
  if (taken.length > 0) expect(texts.length, 'messages about what was taken').toBeGreaterThan(0);
}

/** What Muster has said since, but for the alert channel: there the death of `shop:dead` is told, which comes before a scenario. */
function news({ bot }: CrashWorld, before: Look, after: Look): readonly string[] {
  const { workspace } = bot.slack;
  return after.messages
    .filter(({ ts }) => !before.messages.some((message) => message.ts === ts))
    .filter(
      ({ author, channel }) => author === workspace.bot.id && channel !== workspace.channel('alerts').id,
    )
    .map((message) => bot.slack.read(message));
}

function expectTheWorld(before: Look, after: Look, { started, ended, wantedDown }: Outcome): void {
  for (const id of agents) {
    const was = before.lives.get(id) ?? [];
    const is = after.lives.get(id) ?? [];
    expect(is.length - was.length, `starts of ${id}`).toBe(started.includes(id) ? 1 : 0);
    if (started.includes(id)) expect(after.pids.get(id), `${id} runs anew`).toBe(is.at(-1));
    else if (ended.includes(id)) expect(after.pids.get(id), `${id} has ended`).toBeUndefined();
    else expect(after.pids.get(id), `${id} is left in peace`).toBe(before.pids.get(id));
    expect(after.living.get(id)?.length, `how often ${id} runs`).toBeLessThanOrEqual(1);
  }
  const expected = new Map([...before.wanted, ...wantedDown.map((id) => [id, 'down'] as const)]);
  expect(after.wanted).toEqual(expected);
}

function expectTheJournal({ journal }: CrashWorld, row: OperationRow, { killed }: Outcome): void {
  const stored = journal<StoredEvent>(
    'select agent, kind, at, data from events where operation = ? order by number',
    row.id,
  );
  const events: readonly OperationEvent[] = stored.map(eventFrom);
  const steps = [...progressBy(JSON.parse(row.plan), events).values()];
  for (const { step, phase, gone } of steps) {
    expect(phase, step.id).toEqual({ kind: 'done' });
    expect(gone, `${step.id} is gone`).toBeUndefined();
    for (const kind of ['drained', 'killed', 'started']) {
      const times = events.filter((event) => event.id === step.id && event.kind === kind).length;
      expect(times, `how often ${step.id} was ${kind}`).toBeLessThanOrEqual(1);
    }
  }
  const forced = events.flatMap((event) =>
    event.kind === 'drained' && event.result.outcome === 'TimedOutKilled' ? [event] : [],
  );
  const late = forced.filter(({ lateMs }) => lateMs !== undefined).map(({ id }) => id);
  expect(
    forced
      .map(({ id }) => id)
      .filter((id) => killed.includes(id))
      .sort(),
  ).toEqual(killed);
  expect(forced.map(({ id }) => id).filter((id) => !killed.includes(id) && !late.includes(id))).toEqual([]);
}

function expectTold(world: CrashWorld, before: Look, row: OperationRow, outcome: Outcome): void {
  const { slack } = world.bot;
  const receipts = world.journal<{ id: string; agent: string }>(
    'select id, agent from receipts where operation = ?',
    row.id,
  );
  const agentsKilled = receipts.map(({ agent }) => agent);
  expect(
    outcome.killed.every((id) => agentsKilled.includes(id)),
    'a receipt for each',
  ).toBe(true);
  const alerts = slack.workspace.channel('alerts').id;
  const posted = posts(slack.log).filter(({ id }) => id.includes(row.id.slice(2)));
  const wasLong = row.finished_at - row.started_at > longMs;
  const wanted = [
    ...(receipts.length > 0 ? [`${alerts} ${row.id.replace('O-', 'A-')}`] : []),
    ...(receipts.length > 0 || wasLong ? [`${row.channel} ${row.id}-over`] : []),
    ...receipts.flatMap(({ id }) => [`${row.channel} ${id}`, `${alerts} ${id}`]),
  ];
  for (const { id } of receipts.filter(({ agent }) => agent === 'shop:mule')) {
    const inThread = slack
      .messages('alerts')
      .flatMap(({ ts }) => slack.thread(ts).slice(1))
      .map((message) => slack.read(message));
    expect(inThread.find((text) => text.includes(id))).toContain(lastWords);
  }
  const told = posted.map(({ channel, id }) => `${channel} ${id}`).filter((each) => !each.endsWith(row.id));
  expect(told.sort(), 'what was told').toEqual(wanted.sort());

  const card = slack.messages('ops').find(({ ts }) => ts === row.message_ts);
  const words = card === undefined ? 'no card' : slack.read(card);
  const alerted = slack
    .messages('alerts')
    .filter(({ ts }) => !before.messages.some((message) => message.ts === ts))
    .map((message) => slack.read(message));
  const [kills, others] = [true, false].map((isOurs) =>
    alerted.filter((text) => text.includes('had to be killed (TimedOutKilled)') === isOurs),
  );
  if (receipts.length > 0) {
    expect(words).toMatch(/had to be killed \(TimedOutKilled\)/);
    expect(kills).toEqual([expect.stringContaining(row.id)]);
    for (const agent of agentsKilled) expect(kills?.join()).toContain(agent);
  } else {
    expect(card?.text).toMatch(/^:white_check_mark:/);
    expect(kills).toEqual([]);
  }
  const falseAlarms = others?.filter((text) => agents.some((id) => id !== 'shop:dead' && text.includes(id)));
  expect(falseAlarms?.join('\n'), 'alerts about agents that did what they were told').toBe('');
  expect(words).toContain(row.id);
  expect(words).toContain('took');
}

export function expectNothingPostedTwice(log: readonly CallRecord[]): void {
  const keys = posts(log).map(({ channel, thread, id }) => `${id} in ${channel} ${thread}`);
  expect(
    keys.filter((key, index) => keys.indexOf(key) !== index),
    'posted twice',
  ).toEqual([]);
}

interface Post {
  readonly channel: string;
  readonly thread: string;
  readonly id: string;
}

export function posts(log: readonly CallRecord[]): readonly Post[] {
  return log.flatMap(({ method, args, answer }) => {
    if (method !== 'chat.postMessage' || typeof answer === 'string' || !answer.ok) return [];
    const metadata = typeof args.metadata === 'string' ? JSON.parse(args.metadata) : args.metadata;
    const id = String(metadata?.event_payload?.id ?? '');
    return [{ channel: String(args.channel), thread: String(args.thread_ts ?? ''), id }];
  });
}
