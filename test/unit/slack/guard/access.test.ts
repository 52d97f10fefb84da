import { webApi } from '@slack/bolt';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { CallFault } from '../../../../packages/slack-stand-in/src/faults.ts';
import {
  type SlackStandIn,
  startSlackStandIn,
} from '../../../../packages/slack-stand-in/src/slack-stand-in.ts';
import type { Effect } from '../../../../src/language/verb.ts';
import { type AccessOptions, type Asker, createAccess } from '../../../../src/slack/guard/access.ts';
import { createPeople, type People } from '../../../../src/slack/guard/people.ts';
import { createPace } from '../../../../src/slack/guard/rate-limit.ts';
import { silentLog } from '../slack-under-test.ts';

const ana = 'U0ANA000000';
const bo = 'U0BO0000000';
const ops = 'C0OPS000000';
const oncall = 'S0ONCALL000';
const here = 'T0SANDBOX00';
const alerts = 'C0ALERTS000';
const muster = 'U0MUSTERBOT';

describe('access', () => {
  let slack: SlackStandIn;
  /** Remember between two questions of one test. */
  let people: People | undefined;

  beforeEach(async () => {
    people = undefined;
    slack = await startSlackStandIn({
      people: [
        { name: 'ana' },
        { name: 'bo' },
        { name: 'gus', kind: 'guest' },
        { name: 'eve', kind: 'stranger' },
        { name: 'robo', kind: 'bot' },
        { name: 'ida', grid: { teams: [here, 'T0GRIDHOME0'] } },
        { name: 'jo', grid: { home: 'T0GRIDHOME0', teams: ['T0GRIDHOME0', here] } },
        { name: 'kim', grid: { teams: [here], listedIn: 'user' } },
        { name: 'lee', grid: { home: 'T0GRIDHOME0', teams: ['T0GRIDHOME0'] } },
        { name: 'mo', grid: { teams: ['T0GRIDHOME0'], listedIn: 'user' } },
        { name: 'nel', grid: { home: here, teams: ['T0GRIDHOME0'] } },
        { name: 'oli', grid: { teams: [] } },
        { name: 'pat', kind: 'guest', grid: { home: 'T0GRIDHOME0', teams: [here] } },
        { name: 'quin', kind: 'stranger', grid: { home: 'T0ELSEWHERE', teams: ['T0ELSEWHERE'] } },
      ],
      userGroups: [{ handle: 'oncall', members: ['bo'] }],
    });
  });
  afterEach(() => slack.close());

  function decide(
    who: string,
    effect: Effect,
    options: Partial<AccessOptions> = {},
    where: Partial<Asker> = {},
  ) {
    const teamId = slack.workspace.team.id;
    const client = new webApi.WebClient(slack.botToken, {
      slackApiUrl: slack.apiUrl,
      retryConfig: { retries: 0 },
      logger: silentWebLogger,
    });
    const workspace = Promise.resolve({ teamId, botUser: muster });
    people ??= createPeople({ client, workspace, log: silentLog });
    const access = createAccess({
      workspace,
      channels: [ops],
      alertChannel: alerts,
      operators: [ana],
      viewers: undefined,
      people,
      hasRival: () => false,
      ...options,
    });
    return access.decide({ person: who, team: teamId, channel: ops, ...where }, effect);
  }

  const operators = [ana];

  test.each<[string, string, Effect, true | string]>([
    ['an operator', ana, 'reads', true],
    ['an operator', ana, 'changes', true],
    ['an operator', ana, 'destroys', true],
    ['a member', bo, 'reads', true],
    ['an operator', ana, 'reveals', true],
    ['a member', bo, 'reveals', 'not-an-operator'],
    ['a member', bo, 'changes', 'not-an-operator'],
    ['a member', bo, 'destroys', 'not-an-operator'],
    ['a guest', 'U0GUS000000', 'reads', 'not-a-member'],
    ['a guest', 'U0GUS000000', 'destroys', 'not-a-member'],
    ['a stranger', 'U0EVE000000', 'reads', 'not-a-member'],
    ['a stranger', 'U0EVE000000', 'changes', 'not-a-member'],
    ['a bot', 'U0ROBO00000', 'reads', 'not-a-member'],
    ['a member by a Grid whose user has no team id', 'U0IDA000000', 'reads', true],
    ['a member by a Grid who came from another workspace', 'U0JO0000000', 'reads', true],
    ['a member by a Grid, listed in the user itself', 'U0KIM000000', 'reads', true],
    ['a colleague from another workspace of the Grid', 'U0LEE000000', 'reads', 'not-a-member'],
    ['a colleague without a team id', 'U0MO0000000', 'reads', 'not-a-member'],
    ['a colleague who came from here and is here no more', 'U0NEL000000', 'reads', 'not-a-member'],
    ['somebody of no workspace at all', 'U0OLI000000', 'reads', 'not-a-member'],
    ['a guest by a Grid', 'U0PAT000000', 'reads', 'not-a-member'],
    ['a stranger from another Grid', 'U0QUIN00000', 'reads', 'not-a-member'],
    ['somebody Slack does not know', 'U0NOBODY000', 'reads', 'not-a-member'],
    ['nobody', '', 'reads', 'not-a-member'],
    ['a name instead of an id', 'ana', 'reads', 'not-a-member'],
  ])('%s (%s) who wants what %s: %s', async (_who, person, effect, expected) => {
    const decision = await decide(person, effect);

    expect(decision).toEqual(
      expected === true ? { allowed: true } : { allowed: false, reason: expected, operators },
    );
  });

  test.each<[string, Partial<AccessOptions>, { team?: string; channel?: string }, string]>([
    ['from another workspace', {}, { team: 'T0ELSEWHERE' }, 'other-workspace'],
    ['from no workspace', {}, { team: '' }, 'other-workspace'],
    ['in another channel', {}, { channel: 'C0RANDOM000' }, 'channel'],
    ['in a direct message', {}, { channel: 'D0ANA000000' }, 'channel'],
    ['in no channel', {}, { channel: '' }, 'channel'],
    ['with no operators', { operators: [] }, {}, 'not-an-operator'],
    ['with operators in a group that cannot be read', { operators: ['S0NOBODY000'] }, {}, 'cannot-tell'],
    ['while another copy of the bot answers for the app', { hasRival: () => true }, {}, 'rival'],
  ])('an operator %s changes nothing', async (_name, options, where, reason) => {
    expect(await decide(ana, 'changes', options, where)).toMatchObject({ allowed: false, reason });
  });

  test.each<[string, string, Effect, Partial<Asker>, object]>([
    ['an operator changes things', ana, 'changes', { pressedOn: muster }, { allowed: true }],
    ['an operator ends agents', ana, 'destroys', { pressedOn: muster }, { allowed: true }],
    ['a member looks', bo, 'reads', { pressedOn: muster }, { allowed: true }],
    ['a member changes nothing', bo, 'changes', { pressedOn: muster }, { reason: 'not-an-operator' }],
    ['a guest does nothing', 'U0GUS000000', 'reads', { pressedOn: muster }, { reason: 'not-a-member' }],
    ['a stranger does nothing', 'U0EVE000000', 'reads', { pressedOn: muster }, { reason: 'not-a-member' }],
    ['an operator types nothing', ana, 'reads', {}, { reason: 'channel' }],
    ['a message of somebody else has no buttons', ana, 'reads', { pressedOn: bo }, { reason: 'channel' }],
    ['nor has one of nobody', ana, 'reads', { pressedOn: '' }, { reason: 'channel' }],
    [
      'another channel is another one',
      ana,
      'reads',
      { pressedOn: muster, channel: 'C0RANDOM000' },
      { reason: 'channel' },
    ],
  ])(
    'under an alert in a channel where Muster does not answer %s',
    async (_, who, effect, where, expected) => {
      expect(await decide(who, effect, {}, { channel: alerts, ...where })).toMatchObject(expected);
    },
  );

  test('a guest who is listed as an operator is no operator', async () => {
    expect(await decide('U0GUS000000', 'changes', { operators: ['U0GUS000000'] })).toMatchObject({
      reason: 'not-a-member',
    });
  });

  test('the members of a group of operators are operators', async () => {
    expect(await decide(bo, 'destroys', { operators: [oncall] })).toEqual({ allowed: true });
    expect(await decide(ana, 'destroys', { operators: [oncall] })).toMatchObject({
      reason: 'not-an-operator',
    });
  });

  test('with viewers set, other members may not look, and operators may', async () => {
    expect(await decide(bo, 'reads', { viewers: [] })).toMatchObject({ reason: 'not-a-viewer' });
    expect(await decide(bo, 'reads', { viewers: [oncall] })).toEqual({ allowed: true });
    expect(await decide(bo, 'changes', { viewers: [oncall] })).toMatchObject({ reason: 'not-an-operator' });
    expect(await decide(ana, 'reads', { viewers: [] })).toEqual({ allowed: true });
  });

  test.each<[string, string, Effect, Partial<AccessOptions>, object]>([
    ['an operator may look', ana, 'reads', {}, { allowed: true }],
    ['a listed viewer may look', bo, 'reads', { viewers: [oncall] }, { allowed: true }],
    ['another member may not look', bo, 'reads', { viewers: [] }, { reason: 'not-a-viewer' }],
    ['a member may not look where nobody is listed', bo, 'reads', {}, { reason: 'channel' }],
    ['an operator may see what agents print', ana, 'reveals', {}, { allowed: true }],
    ['a viewer may not see it', bo, 'reveals', { viewers: [oncall] }, { reason: 'not-an-operator' }],
    ['an operator may not change anything', ana, 'changes', {}, { reason: 'channel' }],
  ])('in a direct message %s', async (_name, who, effect, options, expected) => {
    expect(await decide(who, effect, options, { channel: 'D0ANA000000' })).toMatchObject(expected);
  });

  test('while another copy of the bot answers for the app, people may look, and operators see the logs', async () => {
    const rival = { hasRival: () => true };

    expect(await decide(bo, 'reads', rival)).toEqual({ allowed: true });
    expect(await decide(ana, 'reveals', rival)).toEqual({ allowed: true });
    expect(await decide(ana, 'destroys', rival)).toMatchObject({ reason: 'rival' });
    expect(await decide(bo, 'destroys', rival)).toMatchObject({ reason: 'not-an-operator' });
  });

  test('a group that cannot be read any more lets its members look, and nobody change anything', async () => {
    const groups = { operators: [oncall], viewers: [oncall] };
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    expect(await decide(bo, 'changes', groups)).toEqual({ allowed: true });

    vi.advanceTimersByTime(6 * 60_000);
    slack.faults.add({ kind: 'refused', method: 'usergroups.users.list', error: 'missing_scope' });

    expect(await decide(bo, 'changes', groups)).toMatchObject({ reason: 'cannot-tell' });
    expect(await decide(bo, 'reveals', groups)).toMatchObject({ reason: 'cannot-tell' });
    expect(await decide(bo, 'reads', groups)).toEqual({ allowed: true });
    expect(await decide(ana, 'reads', groups)).toMatchObject({ reason: 'not-a-viewer' });
  });

  test.each(['users.info', 'usergroups.users.list'])(
    'when Slack does not answer %s, nobody gets in',
    async (method) => {
      slack.faults.add({ kind: 'server-error', method, accepted: false });

      expect(await decide(bo, 'changes', { operators: [oncall] })).toMatchObject({ allowed: false });
    },
    15_000,
  );

  test.each<[string, CallFault]>([
    ['asks to wait', { kind: 'rate-limited', retryAfterSeconds: 1, times: 1 }],
    ['gives no clear answer', { kind: 'server-error', accepted: true, times: 1 }],
  ])('when Slack %s once, nobody is refused for it', async (_what, fault) => {
    slack.faults.add({ ...fault, method: 'users.info' });
    slack.faults.add({ ...fault, method: 'usergroups.users.list' });

    expect(await decide(bo, 'changes', { operators: [oncall] })).toEqual({ allowed: true });
  });
});

describe('pace', () => {
  test('does not hear of it when the host sets its clock back', () => {
    const pace = createPace();
    vi.useFakeTimers({ toFake: ['Date', 'performance'] });
    onTestFinished(() => void vi.useRealTimers());
    for (let count = 0; count < 20; count++) pace(ana);

    vi.setSystemTime(Date.now() - 5 * 3_600_000);
    vi.advanceTimersByTime(60_001);

    expect(pace(ana)).toBe(true);
  });

  test('is 20 a minute, for each person alone', () => {
    let now = 0;
    const pace = createPace(() => now);
    const first = Array.from({ length: 21 }, () => pace(ana));

    expect(first.filter(Boolean)).toHaveLength(20);
    expect(first.at(-1)).toBe(false);
    expect(pace(bo)).toBe(true);
    now = 60_000;
    expect(pace(ana)).toBe(true);
  });
});

const silentWebLogger = {
  debug: vi.fn(),
  info: vi.fn(),
  warn: vi.fn(),
  error: vi.fn(),
  setLevel: vi.fn(),
  setName: vi.fn(),
  getLevel: () => 'error' as webApi.LogLevel,
};
