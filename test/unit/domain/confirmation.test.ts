import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { askReason, differences, shownBy } from '../../../src/domain/confirmation.ts';
import type { Request } from '../../../src/domain/operation.ts';
import type { Host } from '../../../src/operations/host.ts';
import { planRequest } from '../../../src/operations/plan/make-plan.ts';
import { createQuestions } from '../../../src/slack/records/open-confirmations.ts';
import { diskOf, newJournal, stateDirectory } from '../journal/journal-under-test.ts';
import {
  agent,
  asked,
  createRunningTeam,
  projectYaml,
  shop,
  shopYaml,
} from '../operations/team-under-test.ts';

const ana = 'U0ANA00000';
const bo = 'U0BO000000';

async function reasonFor(request: Partial<Request>, compose = '') {
  const blog = projectYaml('blog', 'editor', []);
  const team = await createRunningTeam({ projects: { shop: shopYaml, blog } });
  team.write('team-compose.yaml', `${team.read('team-compose.yaml')}${compose}`);
  const { plan, situation } = await planRequest(team.host, asked(request));
  return askReason(situation.request, plan);
}

async function shownFor(host: Host, request: Partial<Request>) {
  const { plan, situation } = await planRequest(host, asked(request));
  return shownBy(plan, situation.observed);
}

describe('what asks first', () => {
  const zero = 'supervisor: { drain_timeout_secs: 0 }\n';

  test.each<[string, Partial<Request>, string, string | undefined]>([
    ['a hard down', { verb: 'down', selection: agent('shop:pay') }, '', 'hard-down'],
    ['a drain with a budget of 0', { verb: 'drain', selection: shop, budgetMs: 0 }, '', 'zero-budget'],
    ['a drain in a team whose budget is 0', { verb: 'drain', selection: shop }, zero, 'zero-budget'],
    ['a drain', { verb: 'drain', selection: shop }, '', undefined],
    ['a drain whose person gives it time', { verb: 'drain', selection: shop, budgetMs: 5 }, zero, undefined],
    ['a reload by force', { selection: shop, force: true }, '', 'force'],
    ['a reload by force in a team whose budget is 0', { selection: shop, force: true }, zero, 'zero-budget'],
    ['a reload of several projects', { force: true, verb: 'drain' }, '', 'force'],
    ['a stop of several projects', { verb: 'drain' }, '', 'several-projects'],
    ['a reload that finds nothing to do', {}, '', undefined],
    ['a reload by force that would stop nobody', { verb: 'up', force: true, selection: shop }, '', undefined],
  ])('%s', async (_name, request, compose, reason) => {
    expect(await reasonFor(request, compose)).toBe(reason);
  });

  test('starting what is dead with a budget of 0 kills nobody and asks nothing', async () => {
    const team = await createRunningTeam(undefined, { 'shop:pay': { state: 'stopped' } });
    team.write('team-compose.yaml', `${team.read('team-compose.yaml')}${zero}`);
    const { plan, situation } = await planRequest(team.host, asked({ selection: shop }));

    expect(askReason(situation.request, plan)).toBeUndefined();
  });
});

describe('what a question showed', () => {
  const down = { verb: 'down', selection: shop } as const;

  test('is the same while nothing changes', async () => {
    const { host } = await createRunningTeam();

    expect(await shownFor(host, down)).toEqual(await shownFor(host, down));
  });

  test.each([
    ['stopped', { state: 'stopped' }, 'stopped'],
    ['started anew', { state: 'running' }, 'begun anew'],
    ['got into a restart loop', { state: 'restarting' }, 'restarting'],
    ['cannot be seen any more', { state: 'unknown' }, 'unknown'],
  ] as const)('differs by an agent that %s', async (_name, world, change) => {
    const { host, supervisor } = await createRunningTeam();
    const before = await shownFor(host, down);

    supervisor.set('shop:pay', world);

    expect(differences(before, await shownFor(host, down))).toEqual([{ id: 'shop:pay', change }]);
  });

  test('differs by an agent that came into the team', async () => {
    const team = await createRunningTeam();
    const before = await shownFor(team.host, { force: true });

    team.write('projects/shop.yaml', projectYaml('shop', 'lead', ['cart', 'pay', 'search']));

    expect(differences(before, await shownFor(team.host, { force: true }))).toEqual([
      { id: 'shop:search', change: 'added' },
    ]);
  });

  test('differs by a budget that was edited away', async () => {
    const team = await createRunningTeam();
    const before = await shownFor(team.host, { force: true });

    team.write(
      'team-compose.yaml',
      `${team.read('team-compose.yaml')}supervisor: { drain_timeout_secs: 0 }\n`,
    );

    expect(differences(before, await shownFor(team.host, { force: true }))).toHaveLength(3);
  });

  test('does not differ by the words of a back-end that cannot be asked', async () => {
    const { host, supervisor } = await createRunningTeam(undefined, {
      'shop:pay': { state: 'unknown', reason: 'no answer within 5.01 s' },
    });
    const before = await shownFor(host, down);

    supervisor.set('shop:pay', { reason: 'no answer within 5.02 s' });

    expect(differences(before, await shownFor(host, down))).toEqual([]);
  });

  test('has a digest that tells two worlds apart', async () => {
    const { host, supervisor } = await createRunningTeam();
    const before = await shownFor(host, down);

    supervisor.set('shop:pay', { state: 'stopped' });

    expect((await shownFor(host, down)).digest).not.toBe(before.digest);
  });
});

const newQuestions = () => createQuestions({ journal: newJournal() });

describe('a question', () => {
  const downShop = {
    request: asked({ verb: 'down', selection: shop }),
    reason: 'hard-down',
    plan: { steps: [] },
    shown: { agents: new Map(), digest: '' },
  } as const;

  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('is answered by the person who asked', () => {
    const questions = newQuestions();
    const question = questions.ask(downShop);

    expect(questions.answer(question.id, ana, true)).toEqual({ kind: 'accepted', question });
  });

  test('is not answered by anybody else, and stays open', () => {
    const questions = newQuestions();
    const question = questions.ask(downShop);

    expect(questions.answer(question.id, bo, true)).toEqual({ kind: 'not-yours', question });
    expect(questions.answer(question.id, ana, true).kind).toBe('accepted');
  });

  test('takes one answer', () => {
    const questions = newQuestions();
    const { id } = questions.ask(downShop);
    questions.answer(id, ana, true);

    expect(questions.answer(id, ana, true)).toEqual({ kind: 'too-late' });
  });

  test.each([
    [119_999, 'accepted'],
    [120_000, 'too-late'],
  ])('after %i ms is %s', (waitMs, kind) => {
    const questions = newQuestions();
    const { id } = questions.ask(downShop);
    vi.advanceTimersByTime(waitMs);

    expect(questions.answer(id, ana, true).kind).toBe(kind);
  });

  test('tells once that nobody answered', () => {
    const questions = newQuestions();
    const expired = vi.fn();
    questions.whenExpired(questions.ask(downShop), expired);

    vi.advanceTimersByTime(300_000);

    expect(expired).toHaveBeenCalledTimes(1);
  });

  test('that was answered never expires', () => {
    const questions = newQuestions();
    const expired = vi.fn();
    const question = questions.ask(downShop);
    questions.whenExpired(question, expired);

    questions.answer(question.id, ana, true);
    vi.advanceTimersByTime(300_000);

    expect(expired).not.toHaveBeenCalled();
  });

  test('whose time runs out while the disk is full ends nothing, refuses answers meanwhile, and is closed once there is room', () => {
    const journal = newJournal();
    const disk = diskOf(journal);
    const onUnwritten = vi.fn();
    const questions = createQuestions({ journal, onUnwritten });
    const expired = vi.fn();
    const question = questions.ask(downShop);
    questions.whenExpired(question, expired);
    disk.fill();

    vi.advanceTimersByTime(120_000);

    expect(onUnwritten.mock.calls).toEqual([
      [expect.objectContaining({ message: expect.stringContaining('disk is full') })],
    ]);
    expect(questions.answer(question.id, ana, true)).toEqual({ kind: 'too-late' });
    expect(expired).not.toHaveBeenCalled();
    disk.free();
    journal.catchUp();
    expect(expired).toHaveBeenCalledTimes(1);
    expect(questions.open()).toEqual([]);
  });

  test('of 100 races of two answers each has one winner', async () => {
    const questions = newQuestions();
    const race = async () => {
      const { id } = questions.ask(downShop);
      return Promise.all([ana, ana].map(async (person) => questions.answer(id, person, true).kind));
    };

    const races = await Promise.all(Array.from({ length: 100 }, race));

    expect(new Set(races.map((kinds) => kinds.sort().join()))).toEqual(new Set(['accepted,too-late']));
  });

  test('that nobody asked is too late', () => {
    expect(newQuestions().answer('q-0123', ana, true)).toEqual({ kind: 'too-late' });
  });

  test('is answered after a restart of the bot, as it was asked', () => {
    const directory = stateDirectory();
    const asked = createQuestions({ journal: newJournal(directory) }).ask(downShop);

    const answer = createQuestions({ journal: newJournal(directory) }).answer(asked.id, ana, true);

    expect(answer).toEqual({ kind: 'accepted', question: asked });
  });

  test('that is open is found again after a restart, with the message it stands in', () => {
    const directory = stateDirectory();
    const before = createQuestions({ journal: newJournal(directory) });
    const question = before.ask(downShop);
    before.shownAt(question.id, { channel: 'C0OPS000000', ts: '1.2' });
    before.answer(before.ask(downShop).id, ana, true);

    expect(createQuestions({ journal: newJournal(directory) }).open()).toEqual([
      { question, place: { channel: 'C0OPS000000', ts: '1.2' } },
    ]);
  });

  test('under the second-person rule is agreed to by anybody but the person who asked', () => {
    const questions = createQuestions({ journal: newJournal(), rule: 'second-person' });
    const question = questions.ask(downShop);

    expect(questions.answer(question.id, ana, true)).toEqual({ kind: 'needs-another', question });
    expect(questions.answer(question.id, bo, true)).toEqual({ kind: 'accepted', question });
  });

  test('under the second-person rule is cancelled by the person who asked', () => {
    const questions = createQuestions({ journal: newJournal(), rule: 'second-person' });
    const question = questions.ask(downShop);

    expect(questions.answer(question.id, ana, false).kind).toBe('accepted');
  });

  test('has an id that nobody guesses', () => {
    const questions = newQuestions();
    const ids = Array.from({ length: 100 }, () => questions.ask(downShop).id);

    expect(new Set(ids).size).toBe(100);
    expect(ids.every((id) => /^q-[0-9a-f]{24}$/.test(id))).toBe(true);
  });
});
